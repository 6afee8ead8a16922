/** What cannot be used, and what is said of it: rounds, since of some settings one kind of fault hides another. */
import type { Fault } from '../../../provisioning/firstboot/settings.ts'
import type { Workshop } from '../bench.ts'
import { createSshKey } from '../ssh.ts'
import { createPair } from './given.ts'

interface BadValue {
  readonly key: string
  readonly value: string
  /** What is said of it, in part; without any it can be used. */
  readonly problems: readonly string[]
}

interface BadSource {
  readonly text: string
  /** Of the fault, as it begins. */
  readonly key: string
  readonly problem: string
}

export interface BadRound {
  readonly name: string
  readonly values: readonly BadValue[]
  /** On a disc labelled `DISPATCH`. */
  readonly environment: BadSource
  /** On a disc labelled `CIDATA`. */
  readonly cloud: BadSource
  /** Nobody is told. */
  readonly secrets: readonly string[]
}

const bad = (key: string, value: string, ...problems: readonly string[]): BadValue => ({ key, value, problems })

const pem = (label: string, base64: string): string => `-----BEGIN ${label}-----\n${base64}\n-----END ${label}-----\n`

const first: BadRound = {
  name: 'bad-values',
  secrets: ['hunter7', 'winterkey', 'hunter11'],
  values: [
    bad('appliance.root_pwd', 'hunter7', 'it has fewer than 8 characters'),
    bad('appliance.permit_root_login', 'maybe', "'maybe' is neither true nor false"),
    bad('appliance.tls_cert', 'none', 'it is neither PEM nor base64 of PEM'),
    bad('appliance.tls_cert_key', 'winterkey', 'it is neither PEM nor base64 of PEM'),
    bad('appliance.ca_cert', pem('CERTIFICATE', 'AAAA'), 'a certificate in it that cannot be read'),
    bad('appliance.ssh_keys', 'ssh-ed25519 AAAA;ssh-dss AAAA', 'cut off or is no base64', 'its type is none of'),
    bad('network.ip0', '10.0.2.300/24', "'10.0.2.300' is not an IPv4 or IPv6 address"),
    bad('network.DNS', '10.0.2.3, 0.0.0.0 nobody', 'stands for no machine', "'nobody' is not an IPv4"),
    bad('network.searchpath', 'example.com -bad', "'-bad' is no name"),
    bad('network.fqdn', 'localhost', 'is what every machine is called'),
    bad('network.ntp', 'under_score', "'under_score' is no name"),
    bad('network.http_proxy', 'ftp://proxy.example.com', 'it is no URL that begins with'),
    bad('network.https_proxy', 'http://proxy.example.com/path', 'something behind host and port'),
    bad('network.no_proxy', 'good.example.com not!', "'not!' is no host"),
    bad('network.docker_cidr', '198.18.0.0/16', 'is not private'),
    bad('network.mtu', '10', "'10' is not between"),
    bad('network.gatway', '10.0.2.2', 'there is no such setting'),
    bad('dispatch.admin_pwd', 'hunter11', 'it has fewer than 12 characters'),
    bad('dispatch.organization', 'my org', 'may hold letters'),
  ],
  environment: {
    text: '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/shadow">]><Environment>&e;</Environment>',
    ...{ key: 'ovf-env.xml in /dev/sr', problem: 'it has a DOCTYPE, which is not read' },
  },
  cloud: {
    text: '#!/bin/sh\npoweroff\n',
    ...{ key: 'CIDATA in /dev/sr', problem: 'does not begin with #cloud-config' },
  },
}

/** The certificate of one pair, the key of another; an encrypted key would hide that. */
async function createSecond(bench: Workshop): Promise<BadRound> {
  const [pair, other, key] = [
    await createPair(bench, 'bad'),
    await createPair(bench, 'other'),
    await createSshKey(bench, 'bad'),
  ]
  return {
    name: 'bad-values-again',
    secrets: ['hunter 13', 'hunter 17', other.key.split('\n')[1] ?? ''],
    values: [
      bad('appliance.root_pwd', 'hunter 13\nof two lines', 'there is a line break'),
      bad('appliance.tls_cert', pair.certificate),
      bad('appliance.tls_cert_key', other.key, 'it is not that of the certificate'),
      bad('appliance.ca_cert', pair.certificate, 'is no authority (CA:TRUE)'),
      bad('appliance.ssh_keys', `command="id" ${key.publicKey}`, 'it has options'),
      bad('network.netmask0', '24', 'there is no network.ip0 that it belongs to'),
      bad('network.gateway', '10.0.2.2', 'there is no network.ip0 that it belongs to'),
      bad('network.DNS', '10.0.2.3'),
      bad('network.docker_cidr', '10.0.0.0/16', 'holds 10.0.2.3, which is outside'),
      bad('network.no_proxy', 'a,'.repeat(40_000), 'it has more than'),
      bad('network.https_proxy', 'http://jon:hunter 17@proxy.example.com', 'blanks or control characters'),
    ],
    environment: {
      text: '<Environment><PropertySection>',
      ...{ key: 'ovf-env.xml in /dev/sr', problem: 'is no' },
    },
    cloud: {
      text: '#cloud-config\npassword: $6$salt$hash\n',
      ...{ key: 'dispatch.admin_pwd', problem: 'CIDATA holds a hash of it' },
    },
  }
}

/** An address with a gateway elsewhere, and a pair that is one, but has ended. */
async function createThird(bench: Workshop): Promise<BadRound> {
  const pair = await createPair(bench, 'ended', -1)
  return {
    name: 'bad-values-still',
    secrets: [pair.key.split('\n')[1] ?? ''],
    values: [
      bad('appliance.tls_cert', pair.certificate, 'ended on'),
      bad('appliance.tls_cert_key', pair.key),
      bad('network.ip0', '10.0.2.15'),
      bad('network.netmask0', '255.255.255.0'),
      bad('network.gateway', '10.9.9.9', '10.9.9.9 is not in the network of network.ip0'),
    ],
    environment: {
      text: '<Settings/>',
      ...{ key: 'ovf-env.xml in /dev/sr', problem: 'its root is no Environment of' },
    },
    cloud: {
      text: '#cloud-config\n- winter\n',
      ...{ key: 'CIDATA in /dev/sr', problem: 'it is no YAML of keys and values' },
    },
  }
}

export const createBadRounds = async (bench: Workshop): Promise<readonly [BadRound, ...BadRound[]]> => [
  first,
  await createSecond(bench),
  await createThird(bench),
]

/** Between what is to be said of a round and what is, in words; nothing where each is named, and nothing else. */
export function findDifferences({ values, environment, cloud }: BadRound, faults: readonly Fault[]): string[] {
  const ofValues = values.flatMap(({ key, problems }) => problems.map(problem => ({ key, problem })))
  const wanted: readonly Omit<BadSource, 'text'>[] = [...ofValues, environment, cloud]
  const isSaid = (each: Omit<BadSource, 'text'>, { key, problem }: Fault) =>
    key.startsWith(each.key) && problem.includes(each.problem)
  const missing = wanted.filter(each => !faults.some(fault => isSaid(each, fault)))
  const others = faults.filter(fault => !wanted.some(each => isSaid(each, fault)))
  return [
    ...missing.map(({ key, problem }) => `not named: ${key}, ${problem}`),
    ...others.map(({ key, problem }) => `named without a reason: ${key}, ${problem}`),
  ]
}
