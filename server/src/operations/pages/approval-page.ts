import type { ApprovalSubject } from '#db/agent-tables.ts'
import { shownJson } from '#kernel/shown-json.ts'
import { note, pageFrame, withLanguage } from '#oauth/pages/frame.ts'
import { html, type Html } from '#oauth/pages/html.ts'
import { shownTo, signedIn, type Visit } from './parts.ts'
import { WORDS } from './words.ts'

/** One call that waits for its user's decision, or what was decided. */

export interface ShownApproval {
  readonly status: string
  readonly tool: string
  /** Title of what the call is about. */
  readonly target: string | null
  readonly about: ApprovalSubject | null
  readonly toolTitle: { readonly en: string; readonly pt: string } | null
  readonly arguments: Readonly<Record<string, unknown>>
  readonly connection: string | null
  /** Null where a run of an agent asked. */
  readonly client: { readonly kind: string; readonly id: string; readonly name: string | null } | null
  readonly minutesLeft: number
}

/** @param fault why a decision could not be made */
export function approvalPage(visit: Visit, approval: ShownApproval, fault: string | null): string {
  const words = WORDS[visit.language].approval
  const state = words.states[approval.status]
  const title = state?.title ?? words.title
  const body = html`<h1>${title}</h1>
    <p class="lede">${state?.text ?? words.waits(approval.minutesLeft)}</p>
    ${fault === null ? null : note('bad', fault, '')} ${facts(visit, approval)}
    ${state === undefined ? decision(visit) : null} ${signedIn(visit)}`
  return pageFrame({ language: visit.language, address: visit.path, title, body })
}

function facts({ language }: Visit, approval: ShownApproval): Html {
  const words = WORDS[language].approval
  const { tool, toolTitle, target, about, connection } = approval
  const row = (label: Html | string, text: Html | string) =>
    html`<li class="row">
      <span><small>${label}</small>${text}</span>
    </li>`
  return html`<section>
      <ul class="rows">
        ${row(words.call, html`<b>${toolTitle?.[language] ?? tool}</b> <code>${tool}</code>`)}
        ${target === null || about !== null ? null : row(words.target, html`<b>${target}</b>`)}
        ${(about?.targets ?? []).map(({ argument, title, outcome = 'not_read' }) =>
          row(
            html`${words.target} <code>${argument}</code>`,
            title === null ? words.unread[outcome] : html`<b class="outside">${title}</b>`,
          ),
        )}
        ${(about?.now ?? []).map(({ argument, text }) =>
          row(
            html`${words.now} <code>${argument}</code>`,
            text === '' ? words.nothing : html`<span class="outside">${text}</span>`,
          ),
        )}
        ${connection === null ? null : row(words.connection, connection)} ${row(words.asks, asker(approval, language))}
      </ul>
    </section>
    <section aria-labelledby="arguments">
      <h2 id="arguments">${words.arguments}</h2>
      <pre tabindex="0" aria-labelledby="arguments">${shownJson(approval.arguments)}</pre>
    </section>`
}

function asker({ client }: ShownApproval, language: Visit['language']): string {
  const words = WORDS[language].approval
  if (client === null) return words.agent
  return client.name ?? words.askers[client.kind]?.(client.id) ?? client.kind
}

function decision(visit: Visit): Html {
  const words = WORDS[visit.language].approval
  return html`<form class="stack" method="post" action="${withLanguage(visit.path, visit.language)}">
      ${shownTo(visit)}
      <div class="actions">
        <button name="step" value="deny">${words.deny}</button
        ><button class="primary" name="step" value="approve">${words.approve}</button>
      </div>
    </form>
    <p class="small after">${words.once}</p>`
}
