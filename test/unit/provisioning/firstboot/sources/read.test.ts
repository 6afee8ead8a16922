/** All sources together, on discs that are real images. */
import { readdirSync } from 'node:fs'
import test from 'ava'
import { eraseSecrets, readSources } from '../../../../../provisioning/firstboot/sources/read.ts'
import type { Run } from '../../../../../provisioning/run.ts'
import { createDrives, renderEnvironment, stubGuestTools, workingTool } from './support.ts'

const environment = (values: Record<string, string>) => ({ 'ovf-env.xml': renderEnvironment(values) })
const cloud = (userData: string) => ({
  'user-data': `#cloud-config\n${userData}\n`,
  'meta-data': 'local-hostname: cloud\n',
})

test('a disc is mounted read-only, without programs or devices, in a folder that is gone afterwards', async t => {
  const password = ` $(id) & \\ ' " < > ü `
  const drives = createDrives(t, {
    sr0: undefined,
    sr1: { label: 'ANY', files: environment({ 'appliance.root_pwd': password }) },
    vda: { label: 'DISPATCH', files: environment({ 'network.ip0': '10.6.6.6' }), partitions: ['vda1'] },
    loop0: { label: 'DISPATCH', files: environment({ 'network.ip0': '10.7.7.7' }) },
  })
  const { values, origins, faults } = await readSources(drives.run, drives.places)
  t.deepEqual(values, { 'appliance.root_pwd': password })
  t.like(origins['appliance.root_pwd'], { name: 'ovf-env.xml', place: `the disc in ${drives.places.devices}/sr1` })
  t.deepEqual(faults, [])
  const ofDiscs = drives.commands.filter(command => !/^vm/.test(command)).toSorted()
  t.deepEqual(ofDiscs, [
    'blkid -p -o export /dev/sr0',
    'blkid -p -o export /dev/sr1',
    'mount -t iso9660 -o ro,nosuid,nodev,noexec /dev/sr1 /mounts/disc-X',
    'umount /mounts/disc-X',
  ])
  t.deepEqual(readdirSync(drives.places.mounts), [])
})

test('a disc that is attached as a disk is read, one without a disc is let be', async t => {
  const drives = createDrives(t, {
    nvme0n1: { label: 'x', files: environment({ 'network.ip0': '10.6.6.6' }), partitions: ['nvme0n1p1'] },
    sda: undefined,
    vdb: { label: 'CIDATA', files: cloud('fqdn: a.example.com') },
  })
  t.deepEqual((await readSources(drives.run, drives.places)).values, { 'network.fqdn': 'a.example.com' })
  t.deepEqual(
    drives.commands.filter(command => command.startsWith('blkid')),
    ['blkid -p -o export /dev/sda', 'blkid -p -o export /dev/vdb'],
  )
})

test('value by value the first source counts that has one', async t => {
  const guest = { 'network.ip0': 'null', 'network.netmask0': '', 'network.DNS': '10.0.0.1', 'vm.vmname': 'dispatch' }
  const tools = stubGuestTools(t, renderEnvironment(guest), { vmtoolsd: workingTool })
  const drives = createDrives(t, {
    sr0: { label: 'cidata', files: cloud('hostname: ignored\npassword: from the cloud') },
    sr1: {
      label: 'DISPATCH',
      files: environment({ 'network.ip0': '10.0.0.5/24', 'network.DNS': '10.0.0.2', 'network.fqdn': 'disc' }),
    },
  })
  const both: Run = async (argv, options) =>
    await (argv[0]?.startsWith('vm') ? tools.run(argv, options) : drives.run(argv, options))
  const { values, origins, sources } = await readSources(both, drives.places)
  t.deepEqual(values, {
    'network.ip0': '10.0.0.5/24',
    'network.DNS': '10.0.0.1',
    'network.fqdn': 'disc',
    'dispatch.admin_pwd': 'from the cloud',
    'vm.vmname': 'dispatch',
  })
  t.deepEqual(
    sources.map(({ name }) => name),
    ['guestinfo', 'ovf-env.xml', 'CIDATA'],
  )
  t.is(origins['network.DNS']?.name, 'guestinfo')
  t.is(origins['dispatch.admin_pwd']?.name, 'CIDATA')
})

test('a disc with names in capitals, without Rock Ridge and Joliet, is read', async t => {
  const drives = createDrives(t, {
    sr0: { label: 'DISPATCH', files: environment({ 'network.DNS': '10.0.0.2' }), options: ['-l'] },
  })
  t.deepEqual((await readSources(drives.run, drives.places)).values, { 'network.DNS': '10.0.0.2' })
})

test('what is on a disc but cannot be used is a fault, and the other sources count', async t => {
  const drives = createDrives(t, {
    sr0: { label: 'DISPATCH', files: { readme: 'x' } },
    sr1: { label: 'any', files: { 'ovf-env.xml': '<!DOCTYPE x><x/>' } },
    sr2: { label: 'CIDATA', files: { 'user-data': '#!/bin/sh\n' } },
    sr3: { label: 'music', files: { readme: 'x' } },
    sr4: { label: 'any', files: environment({ 'network.DNS': '10.0.0.2' }) },
  })
  const { values, faults } = await readSources(drives.run, drives.places)
  t.deepEqual(values, { 'network.DNS': '10.0.0.2' })
  const devices = drives.places.devices
  t.deepEqual(
    faults.map(({ key, problem }) => `${key}: ${problem.slice(0, 44)}`),
    [
      `ovf-env.xml in ${devices}/sr0: its label is DISPATCH, but it holds no ovf-e`,
      `ovf-env.xml in ${devices}/sr1: it has a DOCTYPE, which is not read`,
      `CIDATA in ${devices}/sr2: its user-data does not begin with #cloud-con`,
    ],
  )
})

test('a disc that cannot be mounted is a fault', async t => {
  const drives = createDrives(t, { sr0: { label: 'any', files: { readme: 'x' } } })
  const failing: Run = async (argv, options) =>
    argv[0] === 'mount'
      ? { exitCode: 32, stdout: '', stderr: 'mount: wrong fs type\n' }
      : await drives.run(argv, options)
  const { faults } = await readSources(failing, drives.places)
  t.deepEqual(
    faults.map(({ problem }) => problem),
    ['it cannot be mounted: mount: wrong fs type'],
  )
  t.deepEqual(readdirSync(drives.places.mounts), [])
})

test('where there is nothing at all there are no values and no faults', async t => {
  const drives = createDrives(t, {})
  const places = { ...drives.places, blockDevices: '/no/such/folder' }
  t.deepEqual(await readSources(drives.run, places), { sources: [], values: {}, origins: {}, faults: [] })
})

test('secrets are erased where that can be done, and told of where not', async t => {
  const tools = stubGuestTools(t, renderEnvironment({ 'appliance.root_pwd': 'x' }), { vmtoolsd: workingTool })
  const drives = createDrives(t, {
    sr0: { label: 'CIDATA', files: cloud('password: from the cloud') },
    sr1: { label: 'any', files: environment({ 'network.http_proxy': 'http://jon:secret@proxy' }) },
    sr2: { label: 'any', files: environment({ 'network.http_proxy': 'http://proxy' }) },
  })
  const both: Run = async (argv, options) =>
    await (argv[0]?.startsWith('vm') ? tools.run(argv, options) : drives.run(argv, options))
  const faults = await eraseSecrets(await readSources(both, drives.places), both)
  t.is(tools.variable(), renderEnvironment({ 'appliance.root_pwd': '' }))
  t.deepEqual(
    faults.map(({ key, instead }) => [key, instead]),
    [
      ['ovf-env.xml', 'take the disc out, and destroy it'],
      ['CIDATA', 'take the disc out, and destroy it'],
    ],
  )
})
