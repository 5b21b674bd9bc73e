/** What a file is good for; comments name it. */
export type FileCategory = 'audio' | 'image' | 'pdf' | 'productivity' | 'video'

interface FileType {
  category: FileCategory
  /** The first is what a file of this extension is said to be. */
  contentTypes: string[]
}

const OFFICE = 'application/vnd.openxmlformats-officedocument'

function type(category: FileCategory, ...contentTypes: string[]): FileType {
  return { category, contentTypes }
}

/** Extensions that the documentation lists ("Working with files and media"), and what they stand for. */
const FILE_TYPES: Record<string, FileType> = {
  aac: type('audio', 'audio/aac', 'audio/x-aac'),
  adts: type('audio', 'audio/aac'),
  mid: type('audio', 'audio/midi', 'audio/x-midi'),
  midi: type('audio', 'audio/midi', 'audio/x-midi'),
  mp3: type('audio', 'audio/mpeg', 'audio/mp3'),
  mpga: type('audio', 'audio/mpeg'),
  m4a: type('audio', 'audio/mp4', 'audio/x-m4a', 'audio/m4a'),
  m4b: type('audio', 'audio/mp4'),
  oga: type('audio', 'audio/ogg'),
  ogg: type('audio', 'audio/ogg'),
  wav: type('audio', 'audio/wav', 'audio/x-wav', 'audio/wave'),
  wma: type('audio', 'audio/x-ms-wma'),
  pdf: type('pdf', 'application/pdf'),
  txt: type('productivity', 'text/plain'),
  json: type('productivity', 'application/json'),
  doc: type('productivity', 'application/msword'),
  dot: type('productivity', 'application/msword'),
  docx: type('productivity', `${OFFICE}.wordprocessingml.document`),
  dotx: type('productivity', `${OFFICE}.wordprocessingml.template`),
  xls: type('productivity', 'application/vnd.ms-excel'),
  xlt: type('productivity', 'application/vnd.ms-excel'),
  xla: type('productivity', 'application/vnd.ms-excel'),
  xlsx: type('productivity', `${OFFICE}.spreadsheetml.sheet`),
  xltx: type('productivity', `${OFFICE}.spreadsheetml.template`),
  ppt: type('productivity', 'application/vnd.ms-powerpoint'),
  pot: type('productivity', 'application/vnd.ms-powerpoint'),
  pps: type('productivity', 'application/vnd.ms-powerpoint'),
  ppa: type('productivity', 'application/vnd.ms-powerpoint'),
  pptx: type('productivity', `${OFFICE}.presentationml.presentation`),
  potx: type('productivity', `${OFFICE}.presentationml.template`),
  gif: type('image', 'image/gif'),
  heic: type('image', 'image/heic'),
  jpg: type('image', 'image/jpeg', 'image/jpg'),
  jpeg: type('image', 'image/jpeg', 'image/jpg'),
  png: type('image', 'image/png'),
  svg: type('image', 'image/svg+xml'),
  tif: type('image', 'image/tiff'),
  tiff: type('image', 'image/tiff'),
  webp: type('image', 'image/webp'),
  ico: type('image', 'image/vnd.microsoft.icon', 'image/x-icon'),
  amv: type('video', 'video/x-amv'),
  asf: type('video', 'video/x-ms-asf'),
  wmv: type('video', 'video/x-ms-wmv', 'video/x-ms-asf'),
  avi: type('video', 'video/x-msvideo'),
  f4v: type('video', 'video/x-f4v'),
  flv: type('video', 'video/x-flv'),
  gifv: type('video', 'video/mp4'),
  m4v: type('video', 'video/mp4', 'video/x-m4v'),
  mp4: type('video', 'application/mp4', 'video/mp4', 'audio/mp4'),
  mkv: type('video', 'video/x-matroska', 'video/webm'),
  webm: type('video', 'video/webm', 'audio/webm'),
  mov: type('video', 'video/quicktime'),
  qt: type('video', 'video/quicktime'),
  mpeg: type('video', 'video/mpeg'),
}

/** The extension of a name, in lower case and without the dot; empty when it has none. */
function extensionOf(filename: string): string {
  return /\.([^./\\]+)$/.exec(filename)?.[1]?.toLowerCase() ?? ''
}

function typeOf(filename: string): FileType | undefined {
  const extension = extensionOf(filename)
  return Object.hasOwn(FILE_TYPES, extension) ? FILE_TYPES[extension] : undefined
}

/** The content type that a name stands for, or null when its extension is none that can be uploaded. */
export function contentTypeOf(filename: string): string | null {
  return typeOf(filename)?.contentTypes[0] ?? null
}

/** Whether files of a content type can be uploaded. */
export function isSupported(contentType: string): boolean {
  return extensionFor(contentType) !== null
}

/** Whether a name may go with a content type; one without a known extension goes with all. */
export function fitsName(contentType: string, filename: string): boolean {
  return typeOf(filename)?.contentTypes.includes(contentType) ?? true
}

/** The name with the extension of the content type, unless it has an extension. */
export function namedAs(filename: string, contentType: string): string {
  const extension = extensionFor(contentType)
  return extensionOf(filename) === '' && extension !== null ? `${filename}.${extension}` : filename
}

/** What a file is good for, by its name and else by its content type. */
export function categoryOf(filename: string, contentType: string): FileCategory {
  const named = typeOf(filename) ?? FILE_TYPES[extensionFor(contentType) ?? '']
  return named?.category ?? 'productivity'
}

function extensionFor(contentType: string): string | null {
  const entries = Object.entries(FILE_TYPES)
  const found =
    entries.find(([, entry]) => entry.contentTypes[0] === contentType) ??
    entries.find(([, entry]) => entry.contentTypes.includes(contentType))
  return found?.[0] ?? null
}

/** A content type without its parameters, or null for one that says nothing. */
export function plainContentType(header: string | null): string | null {
  const plain = header?.split(';')[0]?.trim().toLowerCase() ?? ''
  return plain === '' || plain === 'application/octet-stream' ? null : plain
}
