import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { NewApiToken, Scope } from '@chaveiro/sdk'
import { client, sessionQuery } from '../api.ts'
import { useWords, type WordKey } from '../language.ts'
import { Button } from '../parts/button.tsx'
import { Failure } from '../parts/failure.tsx'
import { BOX_LOOK, Field, FieldFrame } from '../parts/field.tsx'
import { textOf } from '../parts/form-text.ts'
import { NAME_CHARACTERS } from '../parts/lengths.ts'
import { tokensQuery } from './queries.ts'
import { ALL_SCOPES, SCOPE_WORDS } from './scope-words.ts'

/** Days; empty: no end. The second is what the server takes where none is named. */
const LIFETIMES = [
  { days: '30', word: 'tokens.days' },
  { days: '90', word: 'tokens.days' },
  { days: '365', word: 'tokens.days' },
  { days: '', word: 'tokens.forever' },
] as const satisfies readonly { readonly days: string; readonly word: WordKey }[]
const DEFAULT_DAYS = '90'
/** What most programs need: the tools, and nothing of the account. */
const TICKED: ReadonlySet<Scope> = new Set(['tools:read', 'tools:write'])

/** What was typed stays where it is when the server refuses it. */
export function TokenForm({ onCreated }: { readonly onCreated: (token: NewApiToken) => void }) {
  const { t } = useWords()
  const queries = useQueryClient()
  const role = useQuery(sessionQuery).data?.user.role
  const scopes = ALL_SCOPES.filter((scope) => scope !== 'admin' || role !== 'user')
  const create = useMutation({
    mutationFn: client.tokens.create,
    async onSuccess(token) {
      onCreated(token)
      await queries.invalidateQueries({ queryKey: tokensQuery.queryKey })
    },
  })
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        const form = new FormData(event.currentTarget)
        const days = textOf(form, 'days')
        create.mutate({
          name: textOf(form, 'name'),
          scopes: scopes.filter((scope) => form.getAll('scope').includes(scope)),
          expires_in_days: days === '' ? null : Number(days),
        })
      }}
    >
      <Field label={t('field.name')} name="name" required maxLength={NAME_CHARACTERS} hint={t('tokens.name_hint')} />
      <fieldset className="grid gap-1">
        <legend className="mb-1 text-sm font-medium">{t('tokens.may')}</legend>
        {scopes.map((scope) => (
          <label key={scope} className="flex min-h-8 cursor-pointer items-center gap-2">
            <input type="checkbox" name="scope" value={scope} defaultChecked={TICKED.has(scope)} />
            <span>{t(SCOPE_WORDS[scope])}</span>
          </label>
        ))}
      </fieldset>
      <FieldFrame label={t('tokens.lifetime')}>
        {(ids) => (
          <select {...ids} name="days" defaultValue={DEFAULT_DAYS} className={BOX_LOOK}>
            {LIFETIMES.map(({ days, word }) => (
              <option key={days} value={days}>
                {t(word, { count: Number(days) })}
              </option>
            ))}
          </select>
        )}
      </FieldFrame>
      {create.isError ? <Failure error={create.error} /> : null}
      <Button type="submit" look="primary" className="justify-self-end" busy={create.isPending}>
        {t('tokens.create')}
      </Button>
    </form>
  )
}
