/** What the two sockets answer: everything to administrators, and to the set-up page what takes the code or tells no secret. */

import { restoreSecrets } from '../firstboot/secret-values.ts'
import type { Values } from '../firstboot/settings.ts'
import { refuseClaimKeys } from './claim-keys.ts'
import type { Claims } from './claims.ts'
import type { CheckAnswer, SettingsAnswer, SettingsChanged } from './control.ts'
import { RefusedError } from './refusal.ts'
import { truthIn, typedCodeIn, valuesIn } from './request.ts'
import type { Keeper } from './settings-keeper.ts'
import type { Routes } from './sockets.ts'
import type { Status } from './status.ts'

export interface RouteParts {
  readonly keeper: Keeper
  readonly claims: Claims
  status(): Promise<Status>
  runningValues(): SettingsAnswer
  reopenSetup(): void
  /** Resolves when the set-up page may have something checked. */
  paceChecks(): Promise<void>
  switchSsh(isOn: boolean): Promise<void>
  testNetwork(): Promise<readonly object[]>
}

type Body = Readonly<Record<string, unknown>>

/** Secrets are not shown, and what was shown may come back. */
const meantIn = (body: Body, keeper: Keeper): Values => restoreSecrets(valuesIn(body), keeper.current().values)

function check(keeper: Keeper, body: Body): CheckAnswer {
  try {
    keeper.judge(meantIn(body, keeper))
    return { faults: [] }
  } catch (thrown) {
    if (thrown instanceof RefusedError && thrown.refusal.faults) return { faults: thrown.refusal.faults }
    throw thrown
  }
}

const shared = ({ status, runningValues }: RouteParts): Routes => ({
  'GET /v1/status': status,
  'GET /v1/settings': async () => runningValues(),
})

export const planSetupRoutes = (parts: RouteParts): Routes => ({
  ...shared(parts),
  'POST /v1/check': async body => {
    await parts.paceChecks()
    return check(parts.keeper, body)
  },
  'POST /v1/claim': body => parts.claims.claim(meantIn(body, parts.keeper), typedCodeIn(body)),
  'POST /v1/confirm': body => parts.claims.confirm(typedCodeIn(body)),
})

export const planControlRoutes = (parts: RouteParts): Routes => ({
  ...shared(parts),
  'POST /v1/check': async body => check(parts.keeper, body),
  'POST /v1/claim': body => parts.claims.claim(meantIn(body, parts.keeper), undefined),
  'POST /v1/confirm': () => parts.claims.confirm(undefined),
  'POST /v1/settings': async (body): Promise<SettingsChanged> => {
    const values = meantIn(body, parts.keeper)
    refuseClaimKeys(values, parts.keeper.current().values)
    return parts.keeper.change({ values })
  },
  'POST /v1/setup/reopen': async () => parts.reopenSetup(),
  'POST /v1/ssh': body => parts.switchSsh(truthIn(body, 'enabled')),
  'POST /v1/network/test': async () => ({ tests: await parts.testNetwork() }),
})
