import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { createBakeCredentials, renderSmbios } from '../../../packer/credentials.ts'
import { CommandFailed, createShell, type Shell } from '../../../packer/shell.ts'
import { repository } from '../../../packer/source.ts'
import { packerEnv, planPacker } from '../../../packer/steps/bake.ts'

type Trial = { shell: Shell; dir: string; variables: Record<string, unknown> }

const trial = async (t: ExecutionContext): Promise<Trial> => {
  const dir = await mkdtemp(join(tmpdir(), 'packer-'))
  t.teardown(() => rm(dir, { recursive: true, force: true }))
  const shell = createShell({ logFile: join(dir, 'packer.log'), signal: new AbortController().signal })
  const key = join(dir, 'key')
  await shell.run(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', key])
  const credentials = Object.entries(createBakeCredentials(await readFile(`${key}.pub`, 'utf8'))).map(renderSmbios)
  const files = { base_image: join(dir, 'base.qcow2'), payload: join(dir, 'payload'), sealed: join(dir, 'sealed') }
  const logs = { output_directory: join(dir, 'output'), serial_log: join(dir, 'serial.log') }
  const sum = `sha256:${'0'.repeat(64)}`
  return {
    shell,
    dir,
    variables: { accelerator: 'tcg', base_checksum: sum, private_key: key, credentials, ...files, ...logs },
  }
}

async function validate({ shell, dir, variables }: Trial): Promise<string> {
  const file = join(dir, 'bake.pkrvars.json')
  await writeFile(file, JSON.stringify(variables))
  await shell.run(['mkdir', '-p', join(dir, 'tmp')])
  return shell.run(planPacker('validate', { repository, variables: file }), { env: packerEnv(dir) })
}

test('the template is valid with the variables of a bake', async t => {
  await t.notThrowsAsync(validate(await trial(t)))
})

test('a variable that is missing is refused by name', async t => {
  const { variables, ...rest } = await trial(t)
  const { serial_log: _, ...others } = variables
  await t.throwsAsync(validate({ ...rest, variables: others }), { instanceOf: CommandFailed, message: /serial_log/ })
})

test('the plugins that newer releases need are named, in a folder that Packer 1.6 does not read', async t => {
  const template = await readFile(join(repository, 'packer/appliance.pkr.hcl'), 'utf8')
  const plugins = await readFile(join(repository, 'packer/plugins/plugins.pkr.hcl'), 'utf8')
  const builders = [...template.matchAll(/^source "(\w+)"/gm)].map(([, name]) => name)
  const named = [...plugins.matchAll(/^ {4}(\w+) = \{$/gm)].map(([, name]) => name)
  t.deepEqual(named, builders)
  t.notRegex(template, /required_plugins/)
})

for (const script of ['install', 'prove', 'hand-over']) {
  test(`sh can read ${script}.sh, which the template runs in the guest`, async t => {
    const { shell } = await trial(t)
    const template = await readFile(join(repository, 'packer/appliance.pkr.hcl'), 'utf8')
    t.true(template.includes(`/guest/${script}.sh"`))
    await t.notThrowsAsync(shell.run(['sh', '-n', join(repository, `packer/guest/${script}.sh`)]))
  })
}
