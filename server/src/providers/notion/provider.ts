import { defineProvider, type KeyField, type LocalText } from '#providers/contract.ts'
import { createNotionApi } from './client.ts'
import { identify } from './identify.ts'
import { markdownDocument } from './markdown-document.ts'
import { oauth } from './oauth.ts'
import { pageResource } from './page-resource.ts'
import { prompts } from './prompts.ts'
import { targets } from './targets.ts'
import { deleteComment, updateComment } from './tools/change-comments.ts'
import { createComment, listComments } from './tools/comments.ts'
import { editPageContent } from './tools/edit-content.ts'
import { movePage } from './tools/move-page.ts'
import { getBlock, getBlockChildren } from './tools/read-blocks.ts'
import { getDatabase, queryDatabase } from './tools/read-databases.ts'
import { readPage, readPageContent, searchPages } from './tools/read-pages.ts'
import { listTemplates } from './tools/templates.ts'
import { archivePage, restorePage } from './tools/trash-pages.ts'
import { uploadFile } from './tools/upload-file.ts'
import { getBotUser, getUser, listUsers } from './tools/users.ts'
import { appendBlocksTool, deleteBlock, updateBlock } from './tools/write-blocks.ts'
import { createDatabase, updateDatabase } from './tools/write-databases.ts'
import { createPage, updatePage } from './tools/write-pages.ts'

const steps: readonly LocalText[] = [
  {
    en: 'Open notion.so/profile/integrations and choose "New integration" in the workspace you want to use.',
    pt: 'Abra notion.so/profile/integrations e escolha "Nova integração" no workspace que você quer usar.',
  },
  {
    en: 'Give it the capabilities it needs: read, update and insert content, comments, user information.',
    pt: 'Dê a ela as permissões necessárias: ler, atualizar e inserir conteúdo, comentários, informações de usuários.',
  },
  {
    en: 'Copy the "Internal integration secret" (it starts with ntn_) and paste it here.',
    pt: 'Copie o "Segredo da integração interna" (começa com ntn_) e cole aqui.',
  },
  {
    en: 'On each page it may see, open ••• > Connections and add the integration. Pages inside come along.',
    pt: 'Em cada página que ela pode ver, abra ••• > Conexões e adicione a integração. As páginas de dentro vão junto.',
  },
]

const apiKey: KeyField = {
  name: 'api_key',
  label: { en: 'Integration secret', pt: 'Segredo da integração' },
  steps,
  // Prefixes have changed before; this only keeps out what could never be sent in a header.
  pattern: /^[\x21-\x7e]{8,512}$/,
}

export default defineProvider({
  id: 'notion',
  name: 'Notion',
  description: {
    en: 'Pages, databases, comments and people of a Notion workspace.',
    pt: 'Páginas, bancos de dados, comentários e pessoas de um workspace do Notion.',
  },
  apiHosts: ['api.notion.com'],
  apiUrl: 'https://api.notion.com',
  auth: [oauth, { kind: 'api_key', fields: [apiKey], keysUrl: 'https://www.notion.so/profile/integrations' }],
  permissions: {
    read: { en: 'Read pages and databases', pt: 'Ler páginas e bancos de dados' },
    insert: { en: 'Create pages, blocks and databases', pt: 'Criar páginas, blocos e bancos de dados' },
    update: { en: 'Change and trash content', pt: 'Alterar conteúdo e mandar para a lixeira' },
    read_comments: { en: 'Read comments', pt: 'Ler comentários' },
    insert_comments: { en: 'Write comments', pt: 'Escrever comentários' },
    user_information: { en: 'See the people of the workspace', pt: 'Ver as pessoas do workspace' },
  },
  identify,
  api: createNotionApi,
  tools: [
    readPage,
    readPageContent,
    searchPages,
    createPage,
    updatePage,
    archivePage,
    restorePage,
    getBlock,
    getBlockChildren,
    updateBlock,
    deleteBlock,
    appendBlocksTool,
    getDatabase,
    createDatabase,
    updateDatabase,
    queryDatabase,
    listUsers,
    getUser,
    getBotUser,
    createComment,
    listComments,
    movePage,
    editPageContent,
    updateComment,
    deleteComment,
    listTemplates,
    uploadFile,
  ],
  targets,
  documents: [markdownDocument],
  resourceTemplates: [pageResource],
  prompts,
  docsUrl: 'https://developers.notion.com/docs/create-a-notion-integration',
})
