/** Owns `iam bootstrap`: the organization, the subject and the policy with which a server that asks who one is begins. */
import type { ApiClient } from '../client.ts'
import { defineCommand, exactly, type Invocation } from '../command.ts'
import { Failure, isConflict, isNotFound } from '../failure.ts'
import { type Json, renderJson } from '../format/json.ts'
import { createKeyFile } from '../key-file.ts'
import { resources } from '../resources.ts'

const policyName = 'default-policy'
const accountName = 'default-svc'
const defaultOrganization = 'dispatch'

/** What is there already stays. */
async function createOrganization(client: ApiClient, name: string): Promise<string> {
  const { path } = resources.organization
  try {
    await client.request({ method: 'POST', path, body: { name } })
    return `Created organization: ${name}`
  } catch (thrown) {
    if (!isConflict(thrown)) throw thrown
    return `Unchanged organization: ${name}`
  }
}

/** Of an account that is there already nobody but its owner has the key: it stays. */
async function createAccount(client: ApiClient, file: { cwd: string; path: string }): Promise<string> {
  const { path } = resources.serviceAccount
  const isThere = await client.request({ method: 'GET', path: [...path, accountName] }).then(
    () => true,
    thrown => {
      if (isNotFound(thrown)) return false
      throw thrown
    },
  )
  if (isThere) return `Unchanged service account: ${accountName}`
  const key = await createKeyFile(file)
  try {
    const publicKey = Buffer.from(key.publicPem).toString('base64')
    await client.request({ method: 'POST', path, body: { name: accountName, publicKey } })
  } catch (thrown) {
    await key.remove()
    throw thrown
  }
  return `Created service account: ${accountName}, key: ${file.path}`
}

async function setPolicy(client: ApiClient, subject: string): Promise<string> {
  const { path } = resources.policy
  const body = { name: policyName, global: true, rules: [{ subjects: [subject], actions: ['*'], resources: ['*'] }] }
  try {
    await client.request({ method: 'PUT', path: [...path, policyName], body })
    return `Updated policy: ${policyName}`
  } catch (thrown) {
    if (!isNotFound(thrown)) throw thrown
    await client.request({ method: 'POST', path, body })
    return `Created policy: ${policyName}`
  }
}

async function show({ session, io }: Invocation, lines: readonly string[], told: Json): Promise<void> {
  const { output } = await session.settings()
  if (output === 'json') session.print(renderJson(told, 4))
  if (output === 'yaml') io.stdout.write((await import('../format/yaml.ts')).renderYaml(told))
  if (output === 'table') for (const line of lines) session.report(line)
}

export const command = defineCommand({
  usage: '',
  description:
    'Let the first one in, on the machine of the server as root or a member of the group dispatch: create the organization, a service account with a new key, or none for --user, and a policy that allows it everything everywhere. What is there already stays; the policy is written anew.',
  examples: ['dispatch iam bootstrap', 'dispatch iam bootstrap --user jon --organization dispatch'],
  arity: exactly(0),
  flags: {
    user: { kind: 'text', value: 'NAME', summary: 'a user in place of a service account' },
    'key-file': {
      kind: 'text',
      value: 'FILE',
      fallback: `${accountName}.pem`,
      summary: 'where the private key goes; no file may be there',
    },
  },
  async run(invocation) {
    const { flags, io } = invocation
    const { user } = flags
    if (user.includes('/')) throw new Failure('the name of a user has no slash in it: give the name alone to --user')
    const organization = (await invocation.session.settings()).organization || defaultOrganization
    const session = invocation.session.withFlags(['--organization', organization])
    const client = await session.client()
    const subject = user || `${organization}/${accountName}`
    const lines = [await createOrganization(client, organization)]
    if (user === '') lines.push(await createAccount(client, { cwd: io.cwd, path: flags['key-file'] }))
    lines.push(await setPolicy(client, subject))
    session.close()
    await show(invocation, lines, { organization, subject, policy: policyName })
    if (user === '')
      session.note(`Log in with: dispatch login --service-account ${subject} --jwt-private-key ${flags['key-file']}`)
    return 0
  },
})
