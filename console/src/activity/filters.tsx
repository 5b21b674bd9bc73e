import { useId, useState } from 'react'
import { SlidersHorizontal } from 'lucide-react'
import { useWords, type WordKey } from '../language.ts'
import { Button } from '../parts/button.tsx'
import { BOX_LOOK, Field, FieldFrame } from '../parts/field.tsx'
import type { Choice, Names } from './names.ts'
import { KINDS, only, OUTCOMES, PERIODS, type ActivitySearch } from './search.ts'

const OUTCOME_WORDS = { success: 'outcome.success', failure: 'outcome.failure', denied: 'outcome.denied' } as const
const KIND_WORDS: Readonly<Record<(typeof KINDS)[number], WordKey>> = {
  calls: 'activity.kind_calls',
  approvals: 'activity.kind_approvals',
  connections: 'activity.kind_connections',
  agents: 'activity.kind_agents',
  access: 'activity.kind_access',
  account: 'activity.kind_account',
}
const PERIOD_WORDS = { '24h': 'period.24h', '7d': 'period.7d', '30d': 'period.30d' } as const
/** Stands for days of the reader's own choice. */
const DAYS = 'days'

interface FiltersProps {
  readonly search: ActivitySearch
  readonly names: Names
  readonly onChange: (search: ActivitySearch) => void
}

/** Each filter as a field; on a phone they are folded, and say how many are set. */
export function Filters({ search, names, onChange }: FiltersProps) {
  const { t } = useWords()
  const [isOpen, setOpen] = useState(false)
  const id = useId()
  const count = Object.keys(search).length
  const set: SetSearch = (changed) => onChange(only({ ...search, ...changed }))
  return (
    <section aria-label={t('activity.filters')} className="grid gap-3">
      <div className="flex gap-2 md:hidden">
        <Button aria-expanded={isOpen} aria-controls={id} onClick={() => setOpen(!isOpen)}>
          <SlidersHorizontal size={16} strokeWidth={1.5} aria-hidden />
          {count === 0 ? t('activity.filters') : t('activity.filters_set', { count })}
        </Button>
      </div>
      <div id={id} className={`${isOpen ? 'grid' : 'hidden'} gap-3 sm:grid-cols-2 md:grid md:grid-cols-4`}>
        <Period search={search} set={set} />
        <What search={search} set={set} />
        <Whose search={search} names={names} set={set} />
        <label className="flex min-h-9 items-center gap-2 self-end text-sm">
          <input
            type="checkbox"
            checked={search.uses === true}
            onChange={(event) => set({ uses: event.target.checked ? true : undefined })}
          />
          {t('activity.uses')}
        </label>
      </div>
    </section>
  )
}

type SetSearch = (changed: { readonly [Name in keyof ActivitySearch]: ActivitySearch[Name] | undefined }) => void

function What({ search, set }: { readonly search: ActivitySearch; readonly set: SetSearch }) {
  const { t } = useWords()
  return (
    <>
      <Choose
        label={t('activity.kind')}
        value={search.kind}
        choices={KINDS.map((value) => ({ value, text: t(KIND_WORDS[value]) }))}
        onChoose={(value) => set({ kind: KINDS.find((one) => one === value) })}
      />
      <Choose
        label={t('activity.outcome')}
        value={search.outcome}
        choices={OUTCOMES.map((value) => ({ value, text: t(OUTCOME_WORDS[value]) }))}
        onChoose={(value) => set({ outcome: OUTCOMES.find((one) => one === value) })}
      />
    </>
  )
}

function Whose({ search, names, set }: Omit<FiltersProps, 'onChange'> & { readonly set: SetSearch }) {
  const { t } = useWords()
  return (
    <>
      <Choose
        label={t('activity.agent')}
        value={search.agent === undefined ? undefined : String(search.agent)}
        choices={names.choices.agent}
        unlisted={(value) => names.agent(Number(value))}
        onChoose={(value) => set({ agent: value === undefined ? undefined : Number(value) })}
      />
      <Choose
        label={t('activity.client')}
        value={search.client}
        choices={names.choices.client}
        unlisted={names.client}
        onChoose={(client) => set({ client })}
      />
      <Choose
        label={t('activity.provider')}
        value={search.provider}
        choices={names.choices.provider}
        unlisted={names.provider}
        onChoose={(provider) => set({ provider })}
      />
      <Choose
        label={t('activity.tool')}
        value={search.tool}
        choices={names.choices.tool}
        unlisted={names.tool}
        onChoose={(tool) => set({ tool })}
      />
    </>
  )
}

function Period({ search, set }: { readonly search: ActivitySearch; readonly set: SetSearch }) {
  const { t } = useWords()
  const hasDays = search.since === undefined && (search.from !== undefined || search.to !== undefined)
  const [wantsDays, setWantsDays] = useState(hasDays)
  const showsDays = (wantsDays || hasDays) && search.since === undefined
  return (
    <>
      <Choose
        label={t('activity.period')}
        value={showsDays ? DAYS : search.since}
        choices={[
          ...PERIODS.map((value) => ({ value, text: t(PERIOD_WORDS[value]) })),
          { value: DAYS, text: t('period.days') },
        ]}
        onChoose={(value) => {
          setWantsDays(value === DAYS)
          set({ since: PERIODS.find((one) => one === value), from: undefined, to: undefined })
        }}
      />
      {showsDays ? (
        <>
          <Field
            label={t('period.from')}
            type="date"
            value={search.from ?? ''}
            max={search.to}
            onChange={(event) => set({ from: event.target.value || undefined })}
          />
          <Field
            label={t('period.to')}
            type="date"
            value={search.to ?? ''}
            min={search.from}
            onChange={(event) => set({ to: event.target.value || undefined })}
          />
        </>
      ) : null}
    </>
  )
}

interface ChooseProps {
  readonly label: string
  readonly value: string | undefined
  readonly choices: readonly Choice[]
  /** What a value is called that is in the address and not among the choices: of something that is gone. */
  readonly unlisted?: (value: string) => string
  readonly onChoose: (value: string | undefined) => void
}

function Choose({ label, value, choices, unlisted, onChoose }: ChooseProps) {
  const { t } = useWords()
  const isListed = value === undefined || choices.some((choice) => choice.value === value)
  return (
    <FieldFrame label={label}>
      {(ids) => (
        <select
          {...ids}
          value={value ?? ''}
          className={BOX_LOOK}
          onChange={(event) => onChoose(event.target.value === '' ? undefined : event.target.value)}
        >
          <option value="">{t('activity.all')}</option>
          {isListed ? null : <option value={value}>{unlisted?.(value) ?? value}</option>}
          {choices.map((choice) => (
            <option key={choice.value} value={choice.value}>
              {choice.text}
            </option>
          ))}
        </select>
      )}
    </FieldFrame>
  )
}
