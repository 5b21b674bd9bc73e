import type { ErrorOut, KoaContextWithOIDC } from 'oidc-provider'
import { note, pageFrame } from './frame.ts'
import { PAGE_HEADERS } from './headers.ts'
import { html } from './html.ts'

/**
 * What a person sees where a client's request cannot go on and must not be answered to the client: its address is not one that was
 * registered, its cookie is gone. Or must not be answered unseen: then there is a way back. Plain, in both languages, with the protocol's own words for whoever wrote the client.
 */
export function errorPage(
  out: Pick<ErrorOut, 'error' | 'error_description'>,
  back?: { readonly href: string; readonly host: string },
): string {
  const said = [out.error, out.error_description].filter((text) => text !== undefined)
  const title = 'This request cannot go on'
  const body = html`<h1>${title}</h1>
    <p class="lede">
      The program that sent you here asked for something that this server cannot answer. Nothing was shared with it. Go
      back to it and start again; if that does not help, tell its maker what it says below.
    </p>
    <section lang="pt-BR">
      <h1>Este pedido não pode continuar</h1>
      <p class="lede">
        O programa que trouxe você até aqui pediu algo que este servidor não pode responder. Nada foi compartilhado com
        ele. Volte a ele e comece de novo; se não ajudar, conte a quem o fez o que está escrito abaixo.
      </p>
    </section>
    ${note('warn', '', html`<code>${said.join(': ')}</code>`)}
    ${back === undefined ? null : html`<p class="after"><a href="${back.href}" rel="noreferrer">Go back to / Voltar para ${back.host}</a></p>`}`
  return pageFrame({ language: 'en', title, body })
}

/** The same as the library calls it. */
export function renderErrorPage(context: KoaContextWithOIDC, out: ErrorOut): void {
  context.set(PAGE_HEADERS)
  context.type = 'html'
  context.body = errorPage(out)
}
