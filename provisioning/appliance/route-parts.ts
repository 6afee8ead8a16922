/** What the sockets answer with, of an appliance that runs. */
import { hostname } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { withoutSecrets } from '../firstboot/secret-values.ts'
import type { Run } from '../run.ts'
import type { Appliance } from './appliance.ts'
import { testNetwork } from './network-test.ts'
import { createPace } from './pace.ts'
import { refuse } from './refusal.ts'
import type { RouteParts } from './routes.ts'
import { namePresent, readSurroundings, type SurroundingPlaces } from './surroundings.ts'

export interface RouteSurroundings {
  readonly run: Run
  readonly places: SurroundingPlaces
  /** Something has happened: look at once. */
  nudge(): void
}

type Asked = Pick<Appliance, 'keeper' | 'claims' | 'claimed' | 'window' | 'sshOff' | 'status'>

/** Ten in a second, which nobody notices who fills in a form. */
const checks = { everyMs: 100, longestWaitMs: 2000, monotonicMs: () => performance.now(), pause }

export function planRouteParts(appliance: Asked, { run, places, nudge }: RouteSurroundings): RouteParts {
  const { keeper, claims, claimed, window, sshOff, status } = appliance
  return {
    ...{ keeper, claims, status },
    runningValues: () => ({
      values: withoutSecrets(keeper.current().values),
      present: namePresent(readSurroundings(places), hostname()),
    }),
    paceChecks: createPace(checks),
    reopenSetup: () => {
      if (claimed.isSet()) throw refuse('claimed', 'this appliance is claimed: there is no set-up page any more')
      window.reopen()
      nudge()
    },
    switchSsh: async isOn => {
      await sshOff.set(!isOn)
      nudge()
    },
    testNetwork: () => testNetwork(keeper.current().settings, { run, nameServers: places.nameServers }),
  }
}
