import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useId, useState, type KeyboardEvent } from 'react'
import { agentsQuery, threadsQuery } from '../api.ts'
import { useWords } from '../language.ts'
import { Dialog } from '../parts/dialog.tsx'
import { BOX_LOOK } from '../parts/field.tsx'
import { matching } from './matches.ts'
import { PLACES } from './places.ts'

/** As many as a person looks through; more letters find the rest. */
const SHOWN = 12

interface Entry {
  readonly id: string
  readonly text: string
  readonly kind: string
  readonly go: () => unknown
}

/** Goes to a page, an agent or a conversation by a few letters of its name. */
export function Palette({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  const { t } = useWords()
  return (
    <Dialog open={open} onClose={onClose} title={t('palette.title')}>
      <Finder onClose={onClose} />
    </Dialog>
  )
}

function useEntries(): Entry[] {
  const { t } = useWords()
  const navigate = useNavigate()
  const agents = useQuery(agentsQuery).data ?? []
  const threads = useQuery(threadsQuery).data ?? []
  return [
    ...PLACES.map(({ to, word }) => ({ id: to, text: t(word), kind: t('palette.page'), go: () => navigate({ to }) })),
    ...agents.map((agent) => ({
      id: `agent-${agent.id}`,
      text: agent.name,
      kind: t('palette.agent'),
      go: () => navigate({ to: '/agents/$agentId', params: { agentId: String(agent.id) } }),
    })),
    ...threads.map((thread) => ({
      id: `thread-${thread.id}`,
      text: thread.title,
      kind: t('palette.thread'),
      go: () => navigate({ to: '/chat/$threadId', params: { threadId: String(thread.id) } }),
    })),
  ]
}

function Finder({ onClose }: { readonly onClose: () => void }) {
  const { t } = useWords()
  const listId = useId()
  const [typed, setTyped] = useState('')
  const [chosen, setChosen] = useState(0)
  const found = matching(useEntries(), typed).slice(0, SHOWN)
  const current = Math.min(chosen, found.length - 1)

  const choose = (entry: Entry | undefined) => {
    if (entry === undefined) return
    onClose()
    void entry.go()
  }
  const onKey = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step === undefined && event.key !== 'Enter') return
    event.preventDefault()
    if (step === undefined) choose(found[current])
    else setChosen((current + step + found.length) % Math.max(found.length, 1))
  }
  return (
    <div className="grid gap-3">
      <input
        role="combobox"
        aria-label={t('palette.label')}
        aria-expanded={found.length > 0}
        aria-controls={listId}
        aria-activedescendant={found[current] === undefined ? undefined : `${listId}-${current}`}
        autoComplete="off"
        className={BOX_LOOK}
        placeholder={t('palette.label')}
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value)
          setChosen(0)
        }}
        onKeyDown={onKey}
      />
      <Found listId={listId} entries={found} current={current} onPoint={setChosen} onChoose={choose} />
      {found.length === 0 ? (
        <p role="status" className="text-ink-soft">
          {t('palette.nothing')}
        </p>
      ) : null}
    </div>
  )
}

interface FoundProps {
  readonly listId: string
  readonly entries: readonly Entry[]
  readonly current: number
  readonly onPoint: (index: number) => void
  readonly onChoose: (entry: Entry) => void
}

/** Keys are the input's: it keeps the focus, and says which option is chosen. */
function Found({ listId, entries, current, onPoint, onChoose }: FoundProps) {
  const { t } = useWords()
  return (
    <ul id={listId} role="listbox" aria-label={t('palette.title')} className="grid grid-cols-1 gap-0.5">
      {entries.map((entry, index) => (
        <li
          key={entry.id}
          id={`${listId}-${index}`}
          role="option"
          aria-selected={index === current}
          onPointerMove={() => onPoint(index)}
          onClick={() => onChoose(entry)}
          className={`flex min-h-9 cursor-pointer items-center justify-between gap-3 rounded-control px-2 ${index === current ? 'bg-brass-wash' : ''}`}
        >
          <span className="truncate">{entry.text}</span>
          <span className="shrink-0 text-xs text-ink-soft">{entry.kind}</span>
        </li>
      ))}
    </ul>
  )
}
