import type { ErrorOut, KoaContextWithOIDC } from 'oidc-provider'
import { escapeHtml } from '#kernel/escape-html.ts'

/**
 * What a person sees where a client's request cannot go on and must not be answered to the client: its address is not one that was
 * registered, its cookie is gone. Plain, in both languages, with the protocol's own words for whoever wrote the client.
 */
export function renderErrorPage(context: KoaContextWithOIDC, out: ErrorOut): void {
  const said = [out.error, out.error_description].filter((text) => text !== undefined).map((text) => escapeHtml(text))
  context.type = 'html'
  context.body = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex"><title>Chaveiro</title></head><body><main>
<h1>This request cannot go on</h1><p>The program that sent you here asked for something that this server cannot answer. Nothing was
shared with it. Go back to it and start again; if that does not help, tell its maker what it says below.</p>
<div lang="pt-BR"><h1>Este pedido não pode continuar</h1><p>O programa que trouxe você até aqui pediu algo que este servidor não pode
responder. Nada foi compartilhado com ele. Volte a ele e comece de novo; se não ajudar, conte a quem o fez o que está escrito
abaixo.</p></div><p><code>${said.join(': ')}</code></p></main></body></html>`
}
