import type { ConnectError } from '#connections/authorization/authorization.ts'
import type { Language } from '#oauth/pages/language.ts'

/** What the page of a provider says of connecting by allowing access there, and of how it ended. */

export interface GrantWords {
  readonly submit: (provider: string) => string
  readonly lede: (provider: string) => string
  readonly scopes: string
  readonly withKey: string
  readonly renew: (label: string) => string
  readonly missing: (provider: string) => string
  readonly results: Readonly<Record<ConnectError, (provider: string) => string>>
}

const EN: GrantWords = {
  submit: (provider) => `Connect with ${provider}`,
  lede: (provider) => `You sign in at ${provider} and choose there what to share. Your password stays there.`,
  scopes: 'What you will be asked to allow',
  withKey: 'Or with a key',
  renew: (label) => `Connect ${label} again`,
  missing: (provider) =>
    `The operator of this server has not registered it at ${provider} yet, so it cannot be connected from here.`,
  results: {
    denied: (provider) => `You did not allow access at ${provider}.`,
    refused_by_provider: (provider) => `${provider} did not give access. Try again.`,
    wrong_issuer: (provider) =>
      `The answer came from another server than ${provider}, so it was not used. If it happens again, tell the operator of this server.`,
    malformed: (provider) => `${provider} sent you back without a proper answer. Try again.`,
    unknown: () =>
      'This attempt is not open: it was used already, or somebody else began it. Begin again on this page.',
    expired: () => 'It took longer than ten minutes. Begin again.',
    other_browser: () => 'This attempt was begun in another browser or session. Begin again in this one.',
    other_provider: () => 'This attempt was for another service. Begin again.',
    changed: () => 'The operator of this server changed its settings in the meantime. Begin again.',
    signed_out: () => 'You were not signed in here when you came back. You are now, so begin again.',
    not_configured: (provider) => `The operator of this server has not registered it at ${provider} yet.`,
    app_refused: (provider) =>
      `${provider} refuses the registration of this server. Its operator has to check the client id and the secret.`,
    provider_unavailable: (provider) => `${provider} does not answer. Try again in a minute.`,
    credential_rejected: (provider) => `${provider} gave access, but does not accept it. Try again.`,
    other_account: (provider) =>
      `You allowed access to another ${provider} account than that of the connection. Sign in there with the right one, or add the other as a new connection.`,
    too_many: (provider) => `You have as many ${provider} connections as there can be. Disconnect one first.`,
    rate_limited: () => 'Too many attempts. Wait a minute, then try again.',
    blocked: (provider) => `The owner of this server has cut off ${provider}.`,
    ended: () => 'Your connections were ended while this was under way, so nothing was stored.',
    failed: () => 'Something went wrong. Try again.',
  },
}

const PT: GrantWords = {
  submit: (provider) => `Conectar com o ${provider}`,
  lede: (provider) => `Você entra no ${provider} e escolhe lá o que compartilhar. Sua senha fica lá.`,
  scopes: 'O que vai ser pedido a você',
  withKey: 'Ou com uma chave',
  renew: (label) => `Conectar ${label} de novo`,
  missing: (provider) =>
    `O operador deste servidor ainda não fez o registro no ${provider}, por isso não dá para conectar por aqui.`,
  results: {
    denied: (provider) => `Você não autorizou o acesso no ${provider}.`,
    refused_by_provider: (provider) => `O ${provider} não deu acesso. Tente de novo.`,
    wrong_issuer: (provider) =>
      `A resposta veio de outro servidor, não do ${provider}, e não foi usada. Se acontecer de novo, avise o operador deste servidor.`,
    malformed: (provider) => `O ${provider} trouxe você de volta sem uma resposta válida. Tente de novo.`,
    unknown: () =>
      'Esta tentativa não está aberta: já foi usada, ou outra pessoa a começou. Comece de novo nesta página.',
    expired: () => 'Passou de dez minutos. Comece de novo.',
    other_browser: () => 'Esta tentativa foi começada em outro navegador ou sessão. Comece de novo neste.',
    other_provider: () => 'Esta tentativa era para outro serviço. Comece de novo.',
    changed: () => 'O operador deste servidor mudou as configurações nesse meio-tempo. Comece de novo.',
    signed_out: () => 'Você não estava com a sessão aberta aqui quando voltou. Agora está: comece de novo.',
    not_configured: (provider) => `O operador deste servidor ainda não fez o registro no ${provider}.`,
    app_refused: (provider) =>
      `O ${provider} recusa o registro deste servidor. O operador precisa conferir o client id e o segredo.`,
    provider_unavailable: (provider) => `O ${provider} não responde. Tente de novo em um minuto.`,
    credential_rejected: (provider) => `O ${provider} deu acesso, mas não o aceita. Tente de novo.`,
    other_account: (provider) =>
      `Você autorizou outra conta do ${provider}, diferente da conta da conexão. Entre lá com a conta certa, ou adicione a outra como uma conexão nova.`,
    too_many: (provider) => `Você já tem o máximo de conexões com o ${provider}. Desconecte uma antes.`,
    rate_limited: () => 'Tentativas demais. Espere um minuto e tente de novo.',
    blocked: (provider) => `O dono deste servidor bloqueou o ${provider}.`,
    ended: () => 'Suas conexões foram encerradas nesse meio-tempo, por isso nada foi guardado.',
    failed: () => 'Algo deu errado. Tente de novo.',
  },
}

export const GRANT_WORDS: Readonly<Record<Language, GrantWords>> = { en: EN, pt: PT }
