/** The operation that tells whether the server can do its work: to anybody, under every path that begins like its own. */
import { Type } from '@sinclair/typebox'
import type { AuthMode } from '../core/access.ts'
import { jsonReply, type Operation } from './operation.ts'
import { shownVersion, type TellVersion } from './version.ts'

export interface Health {
  /** By part: why it does not do its work. */
  failures: { docker?: string; store?: string }
  /** By part: what is wrong though it does its work. */
  warnings: { tls?: string }
}

export interface HealthDependencies {
  readHealth(): Promise<Health>
  tellVersion: TellVersion
  auth: AuthMode
  authReason?: string
}

const schema = Type.Object(
  {
    version: shownVersion,
    auth: Type.Enum(
      { open: 'open', required: 'required' },
      { description: 'Whether requests have to say who they come from' },
    ),
    authReason: Type.Optional(
      Type.String({
        description: 'By what that was said: a file, the environment, a flag, or the default; not told to strangers',
      }),
    ),
    docker: Type.Optional(Type.String({ description: 'Why Docker does not answer; left out when it does' })),
    tls: Type.Optional(
      Type.String({
        description: 'Why the certificate that is shown is not what it should be; the server works all the same',
      }),
    ),
    store: Type.Optional(Type.String({ description: 'Why the store cannot be read; left out when it can' })),
  },
  { title: 'Health' },
)

/** Causes name files and addresses of this machine. */
const withoutCauses = ({ failures, warnings }: Health): object => ({
  ...Object.fromEntries(Object.keys(failures).map(part => [part, 'it does not answer'])),
  ...Object.fromEntries(Object.keys(warnings).map(part => [part, "something is wrong: the server's log says what"])),
})

export const createHealthOperation = ({
  readHealth,
  tellVersion,
  auth,
  authReason,
}: HealthDependencies): Operation => ({
  id: 'getHealth',
  group: 'server',
  method: 'GET',
  path: '/healthz',
  summary: 'Get whether the server can do its work',
  answers: {
    200: { description: 'It can', schema },
    503: { description: 'It cannot, for Docker does not answer, or the store cannot be read', schema },
  },
  access: 'public',
  recognizes: true,
  anyOrganization: true,
  anyRequest: true,
  handle: async ({ principal }) => {
    const health = await readHealth()
    const { failures, warnings } = health
    const isStranger = auth === 'required' && principal.kind === 'anyone'
    const told = isStranger ? withoutCauses(health) : { authReason, ...failures, ...warnings }
    const isHealthy = Object.keys(failures).length === 0
    return jsonReply(isHealthy ? 200 : 503, { version: tellVersion(principal), auth, ...told })
  },
})
