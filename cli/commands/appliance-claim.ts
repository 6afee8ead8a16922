/** Owns `appliance claim`: the administrator of an appliance that has none, set on the appliance itself. */
import { resolve } from 'node:path'
import { askAgent, reportClaimed } from '../appliance-agent.ts'
import { defineCommand, exactly } from '../command.ts'
import { describeFileError, Failure } from '../failure.ts'
import { loadNewPassword, passwordFlags } from '../password.ts'

async function readKeys(cwd: string, path: string): Promise<string> {
  const { readFile } = await import('node:fs/promises')
  return readFile(resolve(cwd, path), 'utf8').catch(thrown => {
    throw new Failure(`error reading SSH keys: ${describeFileError(thrown, 'open', path)}`)
  })
}

export const command = defineCommand({
  usage: '',
  description:
    'Claim the appliance that this command runs on, as the set-up page does, without the code: whoever is root here needs none. Asks for the password of the administrator, admin, who logs in with it at the server and over SSH.',
  examples: [
    'dispatch appliance claim',
    'dispatch appliance claim --ssh-keys id_ed25519.pub --password-stdin < password',
  ],
  arity: exactly(0),
  flags: {
    ...passwordFlags,
    'ssh-keys': { kind: 'text', value: 'FILE', summary: 'public keys that may log in as admin, one a line' },
    'in-organization': {
      kind: 'text',
      value: 'NAME',
      summary: 'the organization to begin with; that of the import without it, or dispatch',
    },
  },
  async run(invocation) {
    const { flags, io, session } = invocation
    const [password = ''] = await loadNewPassword(invocation, ['Password of admin: '])
    const keys = flags['ssh-keys'] === '' ? {} : { 'appliance.ssh_keys': await readKeys(io.cwd, flags['ssh-keys']) }
    const organization = flags['in-organization'] === '' ? {} : { 'dispatch.organization': flags['in-organization'] }
    const values = { 'dispatch.admin_pwd': password, ...organization, ...keys }
    const claimed = await askAgent(io, 'POST', '/v1/claim', { values })
    reportClaimed({ session, io }, claimed)
    return 0
  },
})
