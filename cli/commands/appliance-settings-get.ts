/** Owns `appliance settings get`: the settings in force, by the keys of the OVF properties. */

import { askAgent } from '../appliance-agent.ts'
import { atMost, defineCommand } from '../command.ts'
import { formatWithoutNames } from '../config/settings.ts'
import { Failure } from '../failure.ts'
import { objectOf, renderJson, textOf } from '../format/json.ts'
import { renderTable } from '../format/table.ts'

export const command = defineCommand({
  usage: '[KEY]',
  description:
    'Show the settings of the appliance that this command runs on, by the keys of the OVF properties; with a key its value alone. What is secret is never shown.',
  examples: ['dispatch appliance settings get', 'dispatch appliance settings get network.ip0'],
  arity: atMost(1),
  flags: {},
  async run({ args: [key], session, io }) {
    const output = formatWithoutNames(session.flagSettings())
    const values = objectOf(objectOf(await askAgent(io, 'GET', '/v1/settings')).values)
    if (key !== undefined) {
      if (values[key] === undefined) throw new Failure(`${key} is not set: see \`dispatch appliance settings get\``)
      session.print(textOf(values[key]))
      return 0
    }
    if (output === 'json') session.print(renderJson(values, 4))
    else if (output === 'yaml') io.stdout.write((await import('../format/yaml.ts')).renderYaml(values))
    else {
      const rows = Object.entries(values).map(([name, value]) => [name, textOf(value)])
      io.stdout.write(renderTable({ titles: ['KEY', 'VALUE'], rows }))
    }
    return 0
  },
})
