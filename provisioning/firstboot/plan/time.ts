/** Time servers, for systemd-timesyncd. */
import type { Settings } from '../settings.ts'
import { planLines, planRestart, type Step } from './step.ts'

const path = '/etc/systemd/timesyncd.conf.d/10-appliance.conf'

export function planTime({ timeServers }: Settings): Step[] {
  const lines = timeServers.length > 0 ? ['[Time]', `NTP=${timeServers.join(' ')}`] : []
  return [
    planLines(path, lines, 'the time servers that were given; without, those of DHCP or of the distribution'),
    planRestart(['systemd-timesyncd.service'], [path]),
  ]
}
