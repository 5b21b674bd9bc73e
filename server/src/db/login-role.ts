/** Wall (b) stands only while the server's login cannot step around it. Asked once, at start. */

/** The login of `DATABASE_URL` may do more than it should; the message tells the operator what, and what to do. */
export class LoginRoleError extends Error {
  override readonly name = 'LoginRoleError'
}

interface LoginRole {
  readonly name: string
  readonly is_superuser: boolean
  readonly bypasses: boolean
  readonly owns_tables: boolean
  readonly sees_all: boolean
  readonly can_switch: boolean
}

const QUESTION = `
  select r.rolname as name,
         r.rolsuper as is_superuser,
         r.rolbypassrls as bypasses,
         exists (
           select from pg_class c join pg_namespace n on n.oid = c.relnamespace
           where n.nspname = current_schema() and c.relkind in ('r', 'p') and pg_has_role(r.oid, c.relowner, 'member')
         ) as owns_tables,
         coalesce(pg_has_role(r.oid, to_regrole('chaveiro_system'), 'usage'), false)
           or coalesce(pg_has_role(r.oid, to_regrole('chaveiro_user'), 'usage'), false) as sees_all,
         coalesce(pg_has_role(r.oid, to_regrole('chaveiro_system'), 'member'), false)
           and coalesce(pg_has_role(r.oid, to_regrole('chaveiro_user'), 'member'), false) as can_switch
  from pg_roles r where r.rolname = session_user`

/** @throws LoginRoleError with what is wrong and the command that mends it. */
export async function checkLoginRole(query: (statement: string) => Promise<unknown[]>): Promise<void> {
  const [role] = (await query(QUESTION)) as LoginRole[]
  if (role === undefined) throw new LoginRoleError('The database does not know the role of DATABASE_URL.')
  const faults = faultsOf(role)
  if (faults.length === 0) return
  throw new LoginRoleError(
    `The database role "${role.name}" of DATABASE_URL ${faults.join(' and ')}. ` +
      'Run `npx chaveiro db setup --admin-url postgres://…` as a database administrator and use the DATABASE_URL that it prints.',
  )
}

function faultsOf(role: LoginRole): string[] {
  const faults: string[] = []
  if (role.is_superuser) faults.push('is a superuser, for whom row-level security does not hold')
  else if (role.bypasses) faults.push('has BYPASSRLS, so row-level security does not hold')
  else if (role.owns_tables)
    faults.push('owns tables (or may become their owner), so it could switch row-level security off')
  else if (role.sees_all) faults.push('inherits the rights of the working roles; it must be NOINHERIT')
  if (!role.can_switch) faults.push('may not switch to chaveiro_user and chaveiro_system')
  return faults
}
