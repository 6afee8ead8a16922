/** Owns `appliance network test`: whether gateway, name servers, proxies and time servers are reached. */

import { askAgent } from '../appliance-agent.ts'
import { defineCommand, exactly } from '../command.ts'
import { formatWithoutNames } from '../config/settings.ts'
import { objectOf, objectsOf, renderJson, textOf } from '../format/json.ts'
import { renderTable } from '../format/table.ts'

export const command = defineCommand({
  usage: '',
  description:
    'Try out the network settings of the appliance that this command runs on, each part for itself. The exit code is 1 when one fails.',
  examples: ['dispatch appliance network test'],
  arity: exactly(0),
  flags: {},
  async run({ session, io }) {
    const output = formatWithoutNames(session.flagSettings())
    const tests = objectsOf(objectOf(await askAgent(io, 'POST', '/v1/network/test', {})).tests)
    if (output === 'json') session.print(renderJson(tests, 4))
    else {
      const rows = tests.map(({ name, ok, text }) => [ok === true ? 'ok' : 'fails', textOf(name), textOf(text)])
      io.stdout.write(renderTable({ titles: ['RESULT', 'PART', 'FOUND'], rows }))
    }
    return tests.every(({ ok }) => ok === true) ? 0 : 1
  },
})
