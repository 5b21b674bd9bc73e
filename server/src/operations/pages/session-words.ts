import type { Language } from '#oauth/pages/language.ts'

/** What the page of a link for connecting says; what it says of providers and of how a trip ended is in connect-words.ts. */

interface SessionWords {
  readonly asks: (host: string) => string
  readonly forWhom: string
  readonly only: (provider: string) => string
  readonly going: (provider: string) => string
  readonly goOn: string
  readonly server: (host: string) => string
  readonly submitServer: string
  readonly done: (label: string) => string
  readonly back: (host: string) => string
  readonly cancel: (host: string) => string
  readonly over: Readonly<Record<'unknown' | 'used' | 'expired', { readonly title: string; readonly text: string }>>
}

export const SESSION_WORDS: Readonly<Record<Language, SessionWords>> = {
  en: {
    asks: (host) => `${host} sent you here to connect an account of yours.`,
    forWhom: 'It is connected for',
    only: (provider) =>
      `Go on only if you came from there yourself. This page connects ${provider} and can do nothing else.`,
    going: (provider) => `On the way to ${provider}`,
    goOn: 'Go on by hand, if nothing happens',
    server: (host) =>
      `If ${host} asks you to sign in, you do so there and choose what to share. Your password stays there.`,
    submitServer: 'Connect',
    done: (label) => `${label} is connected`,
    back: (host) => `Back to ${host}`,
    cancel: (host) => `Cancel and go back to ${host}`,
    over: {
      unknown: {
        title: 'This link leads nowhere',
        text: 'It was cut short, or it was taken back. Nothing was connected. Begin again where you got it.',
      },
      used: {
        title: 'This link was used already',
        text: 'It counts once. Go back to where you got it: what was connected is there.',
      },
      expired: {
        title: 'This link has run out',
        text: 'It lasted ten minutes. Nothing was connected. Begin again where you got it.',
      },
    },
  },
  pt: {
    asks: (host) => `${host} trouxe você até aqui para conectar uma conta sua.`,
    forWhom: 'Ela fica conectada para',
    only: (provider) => `Continue só se você mesmo veio de lá. Esta página conecta o ${provider} e não faz mais nada.`,
    going: (provider) => `A caminho do ${provider}`,
    goOn: 'Continuar por aqui, se nada acontecer',
    server: (host) =>
      `Se ${host} pedir para você entrar, isso acontece lá, e lá você escolhe o que compartilhar. Sua senha fica lá.`,
    submitServer: 'Conectar',
    done: (label) => `${label}: conexão feita`,
    back: (host) => `Voltar para ${host}`,
    cancel: (host) => `Cancelar e voltar para ${host}`,
    over: {
      unknown: {
        title: 'Este link não leva a lugar nenhum',
        text: 'Ele foi cortado ou cancelado. Nada foi conectado. Comece de novo onde você o recebeu.',
      },
      used: {
        title: 'Este link já foi usado',
        text: 'Ele vale uma vez só. Volte para onde você o recebeu: o que foi conectado está lá.',
      },
      expired: {
        title: 'O prazo deste link acabou',
        text: 'Ele valia dez minutos. Nada foi conectado. Comece de novo onde você o recebeu.',
      },
    },
  },
}
