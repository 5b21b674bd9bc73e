import type { LocalText } from '#providers/contract.ts'

/** The fixed words of results, in each language. Names, topics, titles and texts stay as they are in Slack. */

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`
}

const ENGLISH = {
  more: (cursor: string) => `More: call again with start_cursor "${cursor}".`,
  shortened: 'Long messages are shortened; slack_read_thread on one shows it whole.',
  goesOn: (cursor: string) => `The last message goes on: call again with start_cursor "${cursor}".`,
  links: (start: string) => `Link of each: ${start} and its ts without the dot.`,
  unknown: 'unknown',

  noChannels: 'There are no such channels.',
  noChannelsYet: 'None so far.',
  private: 'private',
  notMember: 'not a member',
  archived: 'archived',
  members: (count: number) => counted(count, 'member', 'members'),
  directMessages: 'direct messages',
  topic: 'Topic',
  purpose: 'Purpose',
  created: (time: string, by: string) => (by === '' ? `Created ${time}` : `Created ${time} by ${by}`),

  noMessages: (place: string) => `No messages in ${place}.`,
  messages: (count: number, place: string) => `${counted(count, 'message', 'messages')} in ${place}, times in UTC:`,
  threadIn: (channel: string) => `the thread in ${channel}`,
  edited: 'edited',
  replies: (count: number) => counted(count, 'reply', 'replies'),
  files: 'files',
  file: 'file',
  nothingFound: 'Nothing was found.',
  found: (total: number, page: number, pages: number) => `${total} found, page ${page} of ${pages}, times in UTC:`,

  nobody: 'There is nobody like that.',
  nobodyYet: 'Nobody so far.',
  bot: 'bot',
  guest: 'guest',
  administrator: 'administrator',
  timeZone: 'Time zone',
  status: 'Status',
  deactivated: 'This account is deactivated.',

  sent: (channel: string) => `Sent to ${channel}`,
  sentInThread: (channel: string) => `Sent in the thread in ${channel}`,
  scheduled: (channel: string, at: string) => `Scheduled for ${channel} at ${at}`,
  changed: (channel: string) => `Changed the message in ${channel}`,
  deleted: (channel: string) => `Deleted the message in ${channel}`,
  joined: (channel: string) => `Joined ${channel}.`,
  topicSet: (channel: string) => `Set the topic of ${channel}.`,
  reacted: (emoji: string) => `Added the reaction ${emoji}`,
  unreacted: (emoji: string) => `Removed the reaction ${emoji}`,
  reactedBefore: (emoji: string) => `The reaction ${emoji} was there already`,
  notReacted: (emoji: string) => `The reaction ${emoji} was not there`,
}

export type Words = typeof ENGLISH

const PORTUGUESE: Words = {
  more: (cursor) => `Há mais: chame de novo com start_cursor "${cursor}".`,
  shortened: 'As mensagens longas foram encurtadas; slack_read_thread mostra cada uma por inteiro.',
  goesOn: (cursor) => `A última mensagem continua: chame de novo com start_cursor "${cursor}".`,
  links: (start) => `Link de cada uma: ${start} e o ts sem o ponto.`,
  unknown: 'desconhecido',

  noChannels: 'Não há canais assim.',
  noChannelsYet: 'Nenhum até aqui.',
  private: 'privado',
  notMember: 'não é membro',
  archived: 'arquivado',
  members: (count) => counted(count, 'membro', 'membros'),
  directMessages: 'mensagens diretas',
  topic: 'Tópico',
  purpose: 'Propósito',
  created: (time, by) => (by === '' ? `Criação ${time}` : `Criação ${time} por ${by}`),

  noMessages: (place) => `Nenhuma mensagem em ${place}.`,
  messages: (count, place) => `${counted(count, 'mensagem', 'mensagens')} em ${place}, horários em UTC:`,
  threadIn: (channel) => `uma conversa de ${channel}`,
  edited: 'editada',
  replies: (count) => counted(count, 'resposta', 'respostas'),
  files: 'arquivos',
  file: 'arquivo',
  nothingFound: 'Nada foi encontrado.',
  found: (total, page, pages) => `Total encontrado: ${total}, página ${page} de ${pages}, horários em UTC:`,

  nobody: 'Não há ninguém assim.',
  nobodyYet: 'Ninguém até aqui.',
  bot: 'bot',
  guest: 'pessoa convidada',
  administrator: 'administração',
  timeZone: 'Fuso horário',
  status: 'Status',
  deactivated: 'Esta conta está desativada.',

  sent: (channel) => `Mensagem enviada para ${channel}`,
  sentInThread: (channel) => `Resposta enviada em uma conversa de ${channel}`,
  scheduled: (channel, at) => `Mensagem agendada para ${channel} em ${at}`,
  changed: (channel) => `Mensagem alterada em ${channel}`,
  deleted: (channel) => `Mensagem excluída de ${channel}`,
  joined: (channel) => `Entrada no canal ${channel} feita.`,
  topicSet: (channel) => `Tópico de ${channel} definido.`,
  reacted: (emoji) => `Reação ${emoji} adicionada`,
  unreacted: (emoji) => `Reação ${emoji} removida`,
  reactedBefore: (emoji) => `A reação ${emoji} já estava lá`,
  notReacted: (emoji) => `A reação ${emoji} não estava lá`,
}

/** English, where nothing says which language is spoken. */
export function wordsIn(language: keyof LocalText | undefined): Words {
  return language === 'pt' ? PORTUGUESE : ENGLISH
}
