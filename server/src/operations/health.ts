import { Hono } from 'hono'
import type { Database } from '#db/database.ts'
import type { AppEnv } from '#kernel/http.ts'

/** Milliseconds for the database to answer a readiness probe. */
const READY_DEADLINE_MS = 2_000

/** `/healthz`: the process answers. `/readyz`: it can do its work, so a load balancer may send requests. */
export function healthRoutes(deps: { readonly database: Database; readonly isStopping: () => boolean }): Hono<AppEnv> {
  const router = new Hono<AppEnv>()
  router.get('/healthz', (c) => c.json({ status: 'ok' }))
  router.get('/readyz', async (c) => {
    if (deps.isStopping()) return c.json({ status: 'stopping' }, 503)
    const ready = await answersInTime(deps.database)
    return ready ? c.json({ status: 'ready' }) : c.json({ status: 'database unavailable' }, 503)
  })
  return router
}

async function answersInTime(database: Database): Promise<boolean> {
  const late = new Promise<false>((resolve) => setTimeout(resolve, READY_DEADLINE_MS, false).unref())
  const answered = database.ping().then(
    () => true,
    () => false,
  )
  return Promise.race([answered, late])
}
