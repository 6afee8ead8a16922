/** Guest tools, a disc with properties and a `CIDATA` disc at once: value by value the first that has one counts. */
import { createGuestFiles } from '../../../packer/credentials.ts'
import type { Bench } from '../bench.ts'
import { createSshKey, runOverSsh } from '../ssh.ts'
import { awaitApi, expect, hear, type Identity, start } from './appliance.ts'
import { makeDisc, makeValuesDisc, renderEnvironment } from './discs.ts'
import { adminPassword, checkAdminLogins, rootPassword } from './given.ts'

const variable = '/var/lib/guestinfo-stub.xml'

/** Found before the real one, which answers on VMware's hypervisors alone. */
const stub = `#!/bin/sh
case "$2" in
'info-get guestinfo.ovfEnv') cat ${variable} ;;
'info-set guestinfo.ovfEnv '*) printf %s "\${2#info-set guestinfo.ovfEnv }" >${variable} ;;
*) exit 1 ;;
esac
`

const guestinfo = {
  'appliance.root_pwd': rootPassword,
  'appliance.permit_root_login': '1',
  'network.ntp': 'first.example.com',
}
const properties = { 'network.ntp': 'second.example.com', 'network.searchpath': 'lab.example.com' }

/** A string of JSON is one of YAML too. */
const renderUserData = (publicKey: string): string =>
  `#cloud-config\npassword: ${JSON.stringify(adminPassword)}\nssh_authorized_keys:\n  - ${publicKey}\n`

export async function proveSources(bench: Bench): Promise<Identity> {
  const key = await createSshKey(bench, 'sources')
  const files = { 'user-data': renderUserData(key.publicKey), 'meta-data': 'local-hostname: cloudy.example.com\n' }
  const discs = [
    await makeDisc(bench, { name: 'cidata', label: 'CIDATA', files }),
    await makeValuesDisc(bench, 'sources', properties),
  ]
  const credentials = createGuestFiles([
    { path: '/usr/local/bin/vmtoolsd', text: stub, mode: '0755' },
    { path: variable, text: renderEnvironment(guestinfo), mode: '0644' },
  ])
  const machine = await start(bench, { name: 'sources', awaits: 'ready', discs, credentials })
  const [seconds, { identity, status }] = await Promise.all([awaitApi(machine), hear(machine)])
  expect(status.hostName === 'cloudy', `the host name is ${status.hostName}`)
  await checkAdminLogins(machine, key)
  bench.print(`ok  CIDATA: host name, SSH key and password applied; the API answers ${seconds} after power-on`)
  const root = { port: machine.ports.ssh.hostPort, user: 'root', key, password: rootPassword }
  const time = await runOverSsh(root, 'cat /etc/systemd/timesyncd.conf.d/10-appliance.conf')
  expect(time.includes('first.') && !time.includes('second.'), `the time servers are ${time}`)
  const names = await runOverSsh(root, 'cat /etc/resolv.conf')
  expect(names.includes('lab.example.com'), `names are asked for by ${names}`)
  const left = await runOverSsh(root, `cat ${variable}`)
  expect(left === renderEnvironment({ ...guestinfo, 'appliance.root_pwd': '' }).trimEnd(), `guestinfo holds ${left}`)
  bench.print(
    'ok  guestinfo, by a stub of vmtoolsd that this test has put there: applied before discs, its secret erased',
  )
  await machine.running.cutPower()
  return identity
}
