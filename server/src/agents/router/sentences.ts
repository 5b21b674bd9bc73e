import type { LocalText } from '#providers/contract.ts'
import type { Refusal } from './decline.ts'

/** Everything that the router itself says, in the languages that it speaks. Braces are filled in. */

export const NOT_AN_AI: LocalText = {
  en: 'No AI model is configured here. I am the built-in router, not an AI model: I recognise plain requests for the tools of this agent, one at a time.',
  pt: 'Nenhum modelo de IA está configurado aqui. Sou o roteador embutido, não um modelo de IA: reconheço pedidos simples para as ferramentas deste agente, um de cada vez.',
}

export const CONFIGURE_MODEL: LocalText = {
  en: 'To chat with a model, configure one: {link}',
  pt: 'Para conversar com um modelo, configure um: {link}',
}

export const NEAREST: LocalText = {
  en: 'What comes nearest to your request:',
  pt: 'O que mais se aproxima do seu pedido:',
}

export const ABILITIES: LocalText = {
  en: 'I turn one plain sentence into one of these:',
  pt: 'Transformo uma frase simples em uma destas ações:',
}

export const NO_TOOLS: LocalText = { en: 'This agent has no tools.', pt: 'Este agente não tem ferramentas.' }

export const REFUSALS: Readonly<Record<Refusal | 'unclear' | 'too_long', LocalText>> = {
  too_long: {
    en: 'Your message is too long for me, so I did nothing. Say it in fewer words.',
    pt: 'Sua mensagem é longa demais para mim, então não fiz nada. Diga com menos palavras.',
  },
  unclear: {
    en: 'I did not recognise what you would like done, so I did nothing.',
    pt: 'Não reconheci o que você gostaria de fazer, então não fiz nada.',
  },
  beyond: {
    en: 'None of the tools of this agent does that, so I did nothing.',
    pt: 'Nenhuma ferramenta deste agente faz isso, então não fiz nada.',
  },
  secret: {
    en: 'Keys and tokens are never shown, to nobody and through no tool.',
    pt: 'Chaves e tokens nunca são mostrados, a ninguém e por nenhuma ferramenta.',
  },
  foreign_data: {
    en: 'I act only with your own connections; what belongs to others is out of reach.',
    pt: 'Atuo apenas com as suas próprias conexões; o que é de outras pessoas está fora de alcance.',
  },
  mass_change: {
    en: 'I change one thing at a time and did nothing. Name the page or block that you mean.',
    pt: 'Altero uma coisa de cada vez e não fiz nada. Diga qual página ou bloco você quer.',
  },
  override: {
    en: 'The rules of this platform cannot be switched off by a message. I did nothing.',
    pt: 'As regras desta plataforma não podem ser desligadas por uma mensagem. Não fiz nada.',
  },
}

/** What is asked for when an argument is missing, by the argument's name. */
export const QUESTIONS: Readonly<Record<string, LocalText>> = {
  page_id: {
    en: 'Which page do you mean? Send its link or id, or ask me to search for it.',
    pt: 'Qual página? Envie o link ou o id, ou peça para eu procurar.',
  },
  block_id: {
    en: 'Which page or block do you mean? Send its link or id.',
    pt: 'Qual página ou bloco? Envie o link ou o id.',
  },
  database_id: {
    en: 'Which database do you mean? Send its link or id, or ask me to search for it.',
    pt: 'Qual banco de dados? Envie o link ou o id, ou peça para eu procurar.',
  },
  parent_id: {
    en: 'Where should it go? Send the link or id of the page or database.',
    pt: 'Onde devo colocar? Envie o link ou o id da página ou do banco de dados.',
  },
  user_id: { en: 'Which user do you mean? Send the id.', pt: 'Qual usuário? Envie o id.' },
  discussion_id: { en: 'Which discussion do you mean? Send its id.', pt: 'Qual discussão? Envie o id.' },
  title: { en: 'What should it be called?', pt: 'Como deve se chamar?' },
  text: {
    en: 'What should it say? Put the text in quotation marks.',
    pt: 'O que deve dizer? Ponha o texto entre aspas.',
  },
  content: {
    en: 'What should I add? Put the text in quotation marks.',
    pt: 'O que devo acrescentar? Ponha o texto entre aspas.',
  },
  properties: {
    en: 'What should change? For example: set Status to "Done".',
    pt: 'O que deve mudar? Por exemplo: mude Situação para "Feito".',
  },
  query: { en: 'What should I look for?', pt: 'O que devo procurar?' },
}

export const OTHER_QUESTION: LocalText = { en: 'What is the value of "{name}"?', pt: 'Qual é o valor de "{name}"?' }

export const WHICH_TOOL: LocalText = {
  en: 'More than one service can do this. Say which one you mean:',
  pt: 'Mais de um serviço pode fazer isso. Diga qual você quer:',
}

/** What stands above a result, by what was done; `{count}` is the number of results. */
export const RESULTS = {
  found: { en: 'I found {count}:', pt: 'Encontrei {count}:' },
  one: { en: '1 result', pt: '1 resultado' },
  many: { en: '{count} results', pt: '{count} resultados' },
  nothing: { en: 'Nothing was found.', pt: 'Nada foi encontrado.' },
  more: {
    en: 'There is more: ask for something narrower, or for a larger number.',
    pt: 'Há mais: peça algo mais específico ou um número maior.',
  },
  cut: { en: 'The rest was left out.', pt: 'O restante foi omitido.' },
  lookup: {
    en: 'I only searched so far. Ask again with the link of the one you mean.',
    pt: 'Até aqui eu só busquei. Peça de novo com o link do resultado certo.',
  },
  denied: { en: 'All right, I did nothing.', pt: 'Tudo bem, não fiz nada.' },
} as const satisfies Record<string, LocalText>

/** Said of a change that was made, by the deed. */
export const DONE: Readonly<Record<string, LocalText>> = {
  create: { en: 'Created', pt: 'Criado' },
  append: { en: 'Added', pt: 'Acrescentado' },
  update: { en: 'Changed', pt: 'Alterado' },
  delete: { en: 'Moved to the trash', pt: 'Movido para a lixeira' },
  restore: { en: 'Restored', pt: 'Restaurado' },
}
export const OTHER_DONE: LocalText = { en: 'Done', pt: 'Feito' }

/** By the code of the error; `{provider}` is the service. The detail of the error follows. */
export const ERRORS: Readonly<Record<string, LocalText>> = {
  not_connected: {
    en: '{provider} is not connected yet. Connect it, then ask again.',
    pt: '{provider} ainda não está conectado. Conecte e peça de novo.',
  },
  reauthorize: {
    en: 'The connection to {provider} has expired. Connect it again, then repeat the request.',
    pt: 'A conexão com {provider} expirou. Conecte de novo e repita o pedido.',
  },
  forbidden_by_provider: {
    en: '{provider} does not allow this connection to do that.',
    pt: '{provider} não permite que esta conexão faça isso.',
  },
  not_found: {
    en: 'Not found, or not shared with the connection.',
    pt: 'Não encontrado, ou não compartilhado com a conexão.',
  },
  invalid_arguments: { en: '{provider} cannot take the request like this.', pt: 'O pedido não pode ser feito assim.' },
  ambiguous: { en: 'More than one fits. Say which one is meant.', pt: 'Mais de um se encaixa. Diga qual é.' },
  partly_done: {
    en: 'Only a part was done. Do not repeat it as a whole.',
    pt: 'Só uma parte foi feita. Não repita tudo.',
  },
  rate_limited: { en: 'Too many requests just now.', pt: 'Muitos pedidos neste momento.' },
  provider_unavailable: { en: '{provider} does not answer right now.', pt: '{provider} não responde agora.' },
  outcome_unknown: {
    en: 'It is not known whether the change was made. Check before you repeat it.',
    pt: 'Não se sabe se a alteração foi feita. Confira antes de repetir.',
  },
  approval_required: { en: 'This needs your approval first.', pt: 'Isto precisa antes da sua aprovação.' },
  denied: { en: 'It was not approved, so nothing was done.', pt: 'Não foi aprovado, então nada foi feito.' },
}
export const OTHER_ERROR: LocalText = { en: 'That did not work.', pt: 'Não deu certo.' }
export const CONNECT: LocalText = { en: 'Connect: {link}', pt: 'Conectar: {link}' }
