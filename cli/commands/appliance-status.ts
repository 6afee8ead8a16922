/** Owns `appliance status`: what the appliance says of itself, by its agent. */

import { askAgent } from '../appliance-agent.ts'
import { renderStatus } from '../appliance-status.ts'
import { defineCommand, exactly } from '../command.ts'
import { formatWithoutNames } from '../config/settings.ts'
import { objectOf, renderJson, textOf } from '../format/json.ts'

export const command = defineCommand({
  usage: '',
  description:
    'Show how the appliance is that this command runs on: state, addresses, fingerprints, health, and properties that were not taken. The exit code is 1 when it is degraded. For root and members of the group dispatch-admin.',
  examples: ['dispatch appliance status', 'dispatch appliance status -o json'],
  arity: exactly(0),
  flags: {},
  async run({ session, io }) {
    const output = formatWithoutNames(session.flagSettings())
    const status = await askAgent(io, 'GET', '/v1/status')
    if (output === 'json') session.print(renderJson(status, 4))
    else if (output === 'yaml') io.stdout.write((await import('../format/yaml.ts')).renderYaml(status))
    else io.stdout.write(renderStatus(status))
    return textOf(objectOf(status).state) === 'degraded' ? 1 : 0
  },
})
