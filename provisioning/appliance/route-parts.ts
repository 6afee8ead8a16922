/** What the sockets answer with, of an appliance that runs. */
import { withoutSecrets } from '../firstboot/secret-values.ts'
import type { Run } from '../run.ts'
import type { Appliance } from './appliance.ts'
import { testNetwork } from './network-test.ts'
import type { RouteParts } from './routes.ts'

export interface RouteSurroundings {
  readonly run: Run
  /** Something has happened: look at once. */
  nudge(): void
}

export function planRouteParts(appliance: Appliance, { run, nudge }: RouteSurroundings): RouteParts {
  const { keeper, claims, window, sshOff, status } = appliance
  return {
    ...{ keeper, claims, status },
    runningValues: () => ({ values: withoutSecrets(keeper.current().values) }),
    reopenSetup: () => {
      window.reopen()
      nudge()
    },
    switchSsh: async isOn => {
      await sshOff.set(!isOn)
      nudge()
    },
    testNetwork: () => testNetwork(keeper.current().settings, run),
  }
}
