/** What the two sockets answer: everything to administrators, and to the set-up page what takes the code or tells no secret. */

import type { Claims } from './claims.ts'
import type { CheckAnswer, SettingsAnswer, SettingsChanged } from './control.ts'
import type { Keeper } from './keeper.ts'
import { RefusedError } from './refusal.ts'
import { codeIn, truthIn, valuesIn } from './request.ts'
import type { Routes } from './sockets.ts'
import type { Status } from './status.ts'

export interface RouteParts {
  readonly keeper: Keeper
  readonly claims: Claims
  status(): Promise<Status>
  /** What is running, the network as found among it. */
  runningValues(): SettingsAnswer
  reopenSetup(): void
  switchSsh(isOn: boolean): Promise<void>
  testNetwork(): Promise<readonly object[]>
}

function check(keeper: Keeper, body: Readonly<Record<string, unknown>>): CheckAnswer {
  try {
    keeper.judge(valuesIn(body))
    return { faults: [] }
  } catch (thrown) {
    if (thrown instanceof RefusedError && thrown.refusal.faults) return { faults: thrown.refusal.faults }
    throw thrown
  }
}

async function change(keeper: Keeper, body: Readonly<Record<string, unknown>>): Promise<SettingsChanged> {
  const values = valuesIn(body)
  return { ...(await keeper.change({ values })), changed: Object.keys(values) }
}

const shared = ({ keeper, status, runningValues }: RouteParts): Routes => ({
  'GET /v1/status': status,
  'GET /v1/settings': async () => runningValues(),
  'POST /v1/check': async body => check(keeper, body),
})

export const planSetupRoutes = (parts: RouteParts): Routes => ({
  ...shared(parts),
  'POST /v1/claim': body => parts.claims.claim(valuesIn(body), codeIn(body)),
  'POST /v1/confirm': body => parts.claims.confirm(codeIn(body)),
})

export const planControlRoutes = (parts: RouteParts): Routes => ({
  ...shared(parts),
  'POST /v1/claim': body => parts.claims.claim(valuesIn(body), undefined),
  'POST /v1/confirm': () => parts.claims.confirm(undefined),
  'POST /v1/settings': body => change(parts.keeper, body),
  'POST /v1/setup/reopen': async () => parts.reopenSetup(),
  'POST /v1/ssh': body => parts.switchSsh(truthIn(body, 'enabled')),
  'POST /v1/network/test': async () => ({ tests: await parts.testNetwork() }),
})
