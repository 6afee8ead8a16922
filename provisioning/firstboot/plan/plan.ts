/** From settings to what is to be on the machine. Pure: each part of it is a file beside this one. */
import type { Credentials, Settings } from '../settings.ts'
import { authorityFolder, planAuthorities } from './authorities.ts'
import { daemonFile, planContainers } from './containers.ts'
import { planHostname } from './hostname.ts'
import { planNetwork } from './network.ts'
import { environmentFile, planProxy } from './proxy.ts'
import { planResolver } from './resolver.ts'
import { planSsh } from './ssh.ts'
import { type Facts, planRestart, type Step } from './step.ts'
import { planTime } from './time.ts'
import { planUsers } from './users.ts'

/** All files before all commands; credentials only when they are new. */
export function planSteps(settings: Settings, facts: Facts, credentials: Credentials = {}): Step[] {
  const steps = [
    ...planNetwork(settings, facts),
    ...planHostname(settings, facts),
    ...planResolver(settings),
    ...planTime(settings),
    ...planAuthorities(settings, facts),
    ...planProxy(settings, facts),
    ...planContainers(settings),
    ...planUsers(settings, credentials),
    ...planSsh(settings, facts, credentials),
    // After the authorities are rebuilt, which both read too. Docker's networks get other addresses only when none is used.
    planRestart(
      ['dispatch-server.service', 'docker.service'],
      [daemonFile, environmentFile, `${authorityFolder(facts.base)}/`],
    ),
  ]
  const isCommand = ({ kind }: Step) => kind === 'command'
  return [...steps.filter(step => !isCommand(step)), ...steps.filter(isCommand)]
}
