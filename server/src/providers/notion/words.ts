import type { LocalText } from '#providers/contract.ts'

/** The fixed words of results, in each language. What Notion itself names (types, columns, titles) stays as it is. */

const ENGLISH = {
  untitled: 'Untitled',
  /** In tables: a box that is ticked. */
  yes: 'yes',
  inTrash: 'in the trash',
  /** Behind a title: what it is of. */
  database: 'database',
  /** Kinds of places, as Notion's API calls them, to their words. */
  places: {} as Readonly<Record<string, string>>,
  user: 'user',
  same: 'the same',
  placed: (place: string) => `in ${place}`,
  created: (time: string, by: string) => `created ${time} by ${by}`,
  edited: (time: string, by?: string) => (by === undefined ? `edited ${time}` : `edited ${time} by ${by}`),
  hasChildren: 'has children',
  discussion: 'Discussion',

  more: (cursor: string) => `More: call again with start_cursor "${cursor}".`,
  tooLong: 'The results were too long for one answer. Call again with the start_cursor.',
  propertiesTooLong: 'The properties were too long to show in full.',
  charactersFollow: (count: number, cursor: string) =>
    `${count} characters follow: call again with start_cursor "${cursor}".`,
  leftOut: (count: number, shown: string, more: number) =>
    `Notion left out ${count} blocks; read them by passing their ids as page_id (not found: not shared): ${shown}${more > 0 ? ` and ${more} more` : ''}`,
  titlesAndIds: (base: string) => `Titles and ids; the link of each is ${base}<id>`,
  withoutIds: (rows: number) => `Without ids, to be short; they come with a page_size up to ${rows}.`,

  nothingFound:
    'Nothing found. Notion searches titles only, among what is shared with the integration; try fewer or other words.',
  noRows: 'No rows.',
  noComments: 'There are no open comments.',
  emptyPage: '(This page is empty.)',

  noBlocks: 'There are no blocks inside.',

  /** Of a page, in front of its title. */
  pageDone: {
    created: 'Created',
    updated: 'Updated',
    trashed: 'Moved to the trash',
    restored: 'Restored',
    moved: 'Moved',
  },
  /** Of a database, in front of its title. */
  databaseDone: { created: 'Created', updated: 'Updated', trashed: 'Moved to the trash' },
  /** Where only the id is known. */
  saved: {
    pageCreated: 'Created the page',
    pageUpdated: 'Updated the page',
    pageMoved: 'Moved the page',
    textUpdated: 'Updated the text of the page',
    pageEdited: 'Edited the page',
    blockUpdated: 'Updated the block',
    blockDeleted: 'Deleted the block',
    commented: 'Commented',
    commentChanged: 'Changed the comment',
    commentDeleted: 'Deleted the comment',
    databaseCreated: 'Created the database',
    databaseUpdated: 'Updated the database',
  },
  notShown: 'Notion saved it but did not show it; do not repeat it. Read it if you need its state.',
  editedIn: (id: string, places: number | undefined) =>
    `Edited the page ${id}${places === undefined ? '' : ` in ${places} ${places === 1 ? 'place' : 'places'}`}.`,
  blockUpdated: 'Updated',
  blockDeleted: 'Deleted',
  changedColumns: (names: readonly string[], id: string) =>
    `Updated ${names.length === 0 ? 'the title' : `the columns ${names.join(', ')}`} of data source ${id}.`,
  movedTo: (place: string) => `Moved to ${place}`,
  page: 'page',
  updatedText: (id: string) => `Updated the text of the page ${id}.`,
  commented: (id: string, discussion: string) => `Commented (${id}, discussion ${discussion})`,
  appended: (blocks: number, id: string, parts: readonly number[]) =>
    `Appended ${blocks} ${blocks === 1 ? 'block' : 'blocks'} to ${id}${parts.length === 1 ? '' : ` in ${parts.length} requests (${parts.join(' + ')})`}.`,
  first: (id: string | undefined) => `First: ${id ?? 'unknown'}`,
}

export type Words = typeof ENGLISH

const PORTUGUESE: Words = {
  untitled: 'Sem título',
  yes: 'sim',
  inTrash: 'na lixeira',
  database: 'banco de dados',
  places: {
    page: 'página',
    block: 'bloco',
    database: 'banco de dados',
    'data source': 'fonte de dados',
    workspace: 'workspace',
  },
  user: 'usuário',
  same: 'a mesma pessoa',
  placed: (place) => `em ${place}`,
  created: (time, by) => `criação ${time} por ${by}`,
  edited: (time, by) => (by === undefined ? `edição ${time}` : `edição ${time} por ${by}`),
  hasChildren: 'tem filhos',
  discussion: 'Discussão',

  more: (cursor) => `Há mais: chame de novo com start_cursor "${cursor}".`,
  tooLong: 'Os resultados não couberam em uma resposta. Chame de novo com o start_cursor.',
  propertiesTooLong: 'As propriedades eram longas demais para mostrar por inteiro.',
  charactersFollow: (count, cursor) => `Faltam ${count} caracteres: chame de novo com start_cursor "${cursor}".`,
  leftOut: (count, shown, more) =>
    `O Notion omitiu ${count} blocos; leia-os passando seus ids como page_id (não encontrado: não compartilhado): ${shown}${more > 0 ? ` e mais ${more}` : ''}`,
  titlesAndIds: (base) => `Títulos e ids; o link de cada um é ${base}<id>`,
  withoutIds: (rows) => `Sem ids, para encurtar; eles vêm com page_size até ${rows}.`,

  nothingFound:
    'Nada encontrado. O Notion busca só nos títulos do que é compartilhado com a integração; tente menos palavras ou outras.',
  noRows: 'Nenhuma linha.',
  noComments: 'Não há comentários abertos.',
  emptyPage: '(Esta página está vazia.)',

  noBlocks: 'Não há blocos dentro.',

  pageDone: {
    created: 'Página criada',
    updated: 'Página atualizada',
    trashed: 'Página movida para a lixeira',
    restored: 'Página restaurada',
    moved: 'Página movida',
  },
  databaseDone: {
    created: 'Banco de dados criado',
    updated: 'Banco de dados atualizado',
    trashed: 'Banco de dados movido para a lixeira',
  },
  saved: {
    pageCreated: 'Página criada',
    pageUpdated: 'Página atualizada',
    pageMoved: 'Página movida',
    textUpdated: 'Texto da página atualizado',
    pageEdited: 'Página editada',
    blockUpdated: 'Bloco atualizado',
    blockDeleted: 'Bloco excluído',
    commented: 'Comentário feito',
    commentChanged: 'Comentário alterado',
    commentDeleted: 'Comentário excluído',
    databaseCreated: 'Banco de dados criado',
    databaseUpdated: 'Banco de dados atualizado',
  },
  notShown: 'O Notion salvou, mas não mostrou; não repita. Leia se precisar saber como ficou.',
  editedIn: (id, places) =>
    `Página ${id} editada${places === undefined ? '' : ` em ${places} ${places === 1 ? 'lugar' : 'lugares'}`}.`,
  blockUpdated: 'Bloco atualizado',
  blockDeleted: 'Bloco excluído',
  changedColumns: (names, id) =>
    `${names.length === 0 ? 'Título atualizado' : `Colunas atualizadas: ${names.join(', ')}`}, na fonte de dados ${id}.`,
  movedTo: (place) => `Página movida para ${place}`,
  page: 'página',
  updatedText: (id) => `Texto da página ${id} atualizado.`,
  commented: (id, discussion) => `Comentário feito (${id}, discussão ${discussion})`,
  appended: (blocks, id, parts) =>
    `${blocks} ${blocks === 1 ? 'bloco acrescentado' : 'blocos acrescentados'} a ${id}${parts.length === 1 ? '' : ` em ${parts.length} pedidos (${parts.join(' + ')})`}.`,
  first: (id) => `Primeiro: ${id ?? 'desconhecido'}`,
}

/** English, where nothing says which language is spoken. */
export function wordsIn(language: keyof LocalText | undefined): Words {
  return language === 'pt' ? PORTUGUESE : ENGLISH
}
