import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { TriangleAlert } from 'lucide-react'
import { useRef } from 'react'
import type { ToolChange } from '@chaveiro/sdk'
import { client, connectionsQuery, toolsQuery } from '../api.ts'
import { useWords, type WordKey } from '../language.ts'
import { Button } from '../parts/button.tsx'
import { Failure } from '../parts/failure.tsx'
import { Loaded, Skeletons } from '../parts/loaded.tsx'

const KINDS: Readonly<Record<ToolChange['kind'], WordKey>> = {
  added: 'server.added',
  changed: 'server.changed',
  removed: 'server.removed',
}

/** What a remote server says otherwise of its tools than was accepted, to accept as it is shown. */
export function ToolChanges({ id }: { readonly id: number }) {
  const { t } = useWords()
  const queries = useQueryClient()
  const place = useRef<HTMLDivElement>(null)
  const changes = useQuery({
    queryKey: ['connections', 'changes', id],
    queryFn: async () => (await client.servers.changes(id)).changes,
  })
  const accept = useMutation({
    mutationFn: (digests: readonly string[]) => client.servers.accept(id, digests),
    async onSettled() {
      await Promise.all([
        queries.invalidateQueries({ queryKey: connectionsQuery.queryKey }),
        queries.invalidateQueries({ queryKey: toolsQuery.queryKey }),
      ])
      // The button that was pressed is gone.
      place.current?.focus()
    },
  })
  return (
    <Loaded query={changes} skeleton={<Skeletons count={1} className="h-24" />}>
      {(list) => {
        const waiting = list.flatMap(({ digest }) => (digest === null ? [] : [digest]))
        return (
          <div ref={place} tabIndex={-1} className="grid gap-3 outline-none">
            {list.length === 0 ? null : <p className="text-ink-soft">{t('server.changes_text')}</p>}
            {accept.data !== undefined && accept.data.outdated.length > 0 ? (
              <p role="alert" className="text-warn">
                {t('server.outdated')}
              </p>
            ) : null}
            {accept.isError ? <Failure error={accept.error} /> : null}
            <ul className="grid gap-3">
              {list.map((change) => (
                <Change
                  key={change.name}
                  change={change}
                  busy={accept.isPending}
                  onAccept={(digest) => accept.mutate([digest])}
                />
              ))}
            </ul>
            {waiting.length < 2 ? null : (
              <Button
                look="primary"
                className="justify-self-start"
                busy={accept.isPending}
                onClick={() => accept.mutate(waiting)}
              >
                {t('server.accept_all')}
              </Button>
            )}
          </div>
        )
      }}
    </Loaded>
  )
}

interface ChangeProps {
  readonly change: ToolChange
  readonly busy: boolean
  readonly onAccept: (digest: string) => void
}

function Change({ change: { name, kind, digest, fields, reads_only: reads }, busy, onAccept }: ChangeProps) {
  const { t } = useWords()
  return (
    <li className="grid gap-3 rounded-card border border-line p-3">
      <p className="flex flex-wrap items-baseline gap-2">
        <span className="break-all font-mono text-sm font-medium">{name}</span>
        <span className="text-xs text-warn">{t(KINDS[kind])}</span>
      </p>
      {reads.before === true && reads.after === false ? (
        <p className="flex gap-2 text-sm text-warn">
          <TriangleAlert size={16} strokeWidth={1.5} aria-hidden className="mt-0.5 shrink-0" />
          {t('server.now_writes')}
        </p>
      ) : null}
      {fields.map(({ field, before, after }) => (
        <div key={field} className="grid gap-1 text-sm">
          <p className="break-all font-mono text-xs text-ink-soft">{field}</p>
          <dl className="grid gap-2 sm:grid-cols-2">
            <Side name={t('server.before')} value={before} />
            <Side name={t('server.after')} value={after} />
          </dl>
        </div>
      ))}
      {digest === null ? null : (
        <Button className="justify-self-start" busy={busy} onClick={() => onAccept(digest)}>
          {t('server.accept', { tool: name })}
        </Button>
      )}
    </li>
  )
}

function Side({ name, value }: { readonly name: string; readonly value: unknown }) {
  const { t } = useWords()
  const text = value === null ? t('server.nothing') : typeof value === 'string' ? value : JSON.stringify(value, null, 2)
  return (
    <div className="min-w-0">
      <dt className="text-xs text-ink-soft">{name}</dt>
      <dd
        // Long ones scroll, by the keyboard, too.
        tabIndex={0}
        className={`max-h-40 overflow-y-auto whitespace-pre-wrap break-words rounded-control bg-paper p-2 ${value === null ? 'text-ink-soft' : ''}`}
      >
        {text}
      </dd>
    </div>
  )
}
