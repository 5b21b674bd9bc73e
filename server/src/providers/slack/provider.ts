import { defineProvider, type KeyField, type LocalText } from '#providers/contract.ts'
import { createSlackApi } from './client.ts'
import { identify } from './identify.ts'
import { oauth } from './oauth.ts'
import { PERMISSIONS } from './scopes.ts'
import { targets } from './targets.ts'
import { joinChannel, setTopic } from './tools/change-channels.ts'
import { deleteMessage, updateMessage } from './tools/change-messages.ts'
import { addReaction, removeReaction } from './tools/reactions.ts'
import { getChannel, listChannels } from './tools/read-channels.ts'
import { readMessages, readThread } from './tools/read-messages.ts'
import { scheduleMessage } from './tools/schedule-message.ts'
import { searchMessages } from './tools/search-messages.ts'
import { replyThread, sendMessage } from './tools/send-messages.ts'
import { getUser, listUsers } from './tools/users.ts'

const steps: readonly LocalText[] = [
  {
    en: 'Open api.slack.com/apps, choose "Create New App", then "From scratch", and pick your workspace.',
    pt: 'Abra api.slack.com/apps, escolha "Create New App", depois "From scratch", e selecione o seu workspace.',
  },
  {
    en: 'Under "OAuth & Permissions", add the scopes you want under "User Token Scopes": the README of this provider lists them.',
    pt: 'Em "OAuth & Permissions", adicione os escopos que quiser em "User Token Scopes": o README deste provedor os lista.',
  },
  {
    en: 'Choose "Install to Workspace" and allow it.',
    pt: 'Escolha "Install to Workspace" e permita.',
  },
  {
    en: 'Copy the "User OAuth Token" (it starts with xoxp-) and paste it here. A bot token (xoxb-) works too, but acts as the bot and cannot search.',
    pt: 'Copie o "User OAuth Token" (começa com xoxp-) e cole aqui. Um token de bot (xoxb-) também serve, mas age como o bot e não pode buscar.',
  },
]

const token: KeyField = {
  name: 'api_key',
  label: { en: 'Slack token', pt: 'Token do Slack' },
  steps,
  // Bot and user tokens, also those that rotate. Tokens of apps (xapp-) and of browsers (xoxc-) act for nobody here.
  pattern: /^(?:xoxe\.)?xox[bp]-[A-Za-z0-9-]{8,500}$/,
}

export default defineProvider({
  id: 'slack',
  name: 'Slack',
  description: {
    en: 'Channels, messages, threads, search, people and reactions of a Slack workspace.',
    pt: 'Canais, mensagens, conversas, busca, pessoas e reações de um workspace do Slack.',
  },
  apiHosts: ['slack.com'],
  apiUrl: 'https://slack.com',
  auth: [oauth, { kind: 'api_key', fields: [token], keysUrl: 'https://api.slack.com/apps' }],
  permissions: PERMISSIONS,
  identify,
  api: createSlackApi,
  tools: [
    listChannels,
    getChannel,
    readMessages,
    readThread,
    searchMessages,
    sendMessage,
    replyThread,
    scheduleMessage,
    updateMessage,
    deleteMessage,
    addReaction,
    removeReaction,
    joinChannel,
    setTopic,
    listUsers,
    getUser,
  ],
  targets,
  docsUrl: 'https://docs.slack.dev/apis/web-api',
})
