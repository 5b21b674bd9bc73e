import { useQuery } from '@tanstack/react-query'
import { useWords } from '../language.ts'
import { usersQuery } from './queries.ts'

/** What a user is called where the name is known, and the number alone where the account is gone. */
export function useUserName(): (id: number, name: string | null) => string {
  const { t } = useWords()
  return (id, name) => (name === null ? t('denials.user', { id }) : t('denials.user_named', { name, id }))
}

/** The same of somebody of whom the address of the page gives the number alone. */
export function useNameOf(id: number | undefined): string {
  const nameOf = useUserName()
  const users = useQuery({ ...usersQuery(String(id), null), enabled: id !== undefined }).data?.users
  return id === undefined ? '' : nameOf(id, users?.find((each) => each.id === id)?.name ?? null)
}
