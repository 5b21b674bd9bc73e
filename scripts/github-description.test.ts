import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { fileOfArchive } from './github-description.ts'

const BLOCK = 512

/** As `tar` writes it: a header, the content filled up to whole blocks, and two empty blocks at the end. */
function archiveOf(files: Readonly<Record<string, string>>): Buffer {
  const blocks = Object.entries(files).flatMap(([name, text]) => {
    const header = Buffer.alloc(BLOCK)
    header.write(name, 0)
    header.write(text.length.toString(8).padStart(11, '0'), 124)
    return [header, Buffer.from(text.padEnd(Math.ceil(text.length / BLOCK) * BLOCK, '\0'))]
  })
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]))
}

describe('one file of an archive', () => {
  const long = 'x'.repeat(100_000)
  const archive = archiveOf({
    'package/a.json': long,
    'package/b.json': '{"b": 1}',
    'package/whole.json': 'y'.repeat(512),
  })

  it.each([
    ['package/a.json', long],
    ['package/b.json', '{"b": 1}'],
    ['package/whole.json', 'y'.repeat(512)],
  ])('%s', async (name, text) => {
    expect(String(await fileOfArchive(archive, name))).toBe(text)
  })

  it('that it has not, or that is cut, is said to be missing', async () => {
    await expect(fileOfArchive(archive, 'package/c.json')).rejects.toThrow('package/c.json')
    await expect(fileOfArchive(archive.subarray(0, archive.length / 2), 'package/whole.json')).rejects.toThrow()
  })
})
