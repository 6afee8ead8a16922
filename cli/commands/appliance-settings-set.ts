/** Owns `appliance settings set`: the same settings as properties and set-up page, by the same checks and the same plan. */
import { askAgent, expectApplied } from '../appliance-agent.ts'
import { parseSettings } from '../appliance-values.ts'
import { atLeast, defineCommand } from '../command.ts'
import { objectOf, textOf } from '../format/json.ts'

const outcomes: Readonly<Record<string, string>> = {
  changed: 'Changed the settings',
  unchanged: 'Unchanged settings',
  trial:
    'The network is being tried. Keep it within 90 seconds: log in at the new address and run `dispatch appliance settings confirm`; otherwise the former one comes back',
}

export const command = defineCommand({
  usage: 'KEY=VALUE...',
  description:
    'Change settings of the appliance that this command runs on, by the keys of the OVF properties. KEY= takes a setting back, KEY=@FILE reads it from a file, KEY=@- from standard input. All are checked before any is applied. Another address is only tried, until it is confirmed.',
  examples: [
    'dispatch appliance settings set network.ntp=ntp.example.com',
    'dispatch appliance settings set network.ip0=10.0.0.5/24 network.gateway=10.0.0.1',
    'dispatch appliance settings set appliance.tls_cert=@chain.pem appliance.tls_cert_key=@key.pem',
  ],
  arity: atLeast(1),
  flags: {},
  async run({ args, session, io }) {
    const values = await parseSettings(args, io)
    const answer = await askAgent(io, 'POST', '/v1/settings', { values })
    expectApplied(answer)
    const { outcome } = objectOf(answer)
    session.report(outcomes[textOf(outcome)] ?? textOf(outcome))
    return 0
  },
})
