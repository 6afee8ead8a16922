/** Owns the commands that look after an appliance, on the appliance itself. */
import type { CommandNode } from './command.ts'

const settings: CommandNode = {
  name: 'settings',
  summary: 'What the set-up page sets, later',
  children: [
    {
      name: 'get',
      summary: 'Show the settings',
      load: async () => (await import('./commands/appliance-settings-get.ts')).command,
    },
    {
      name: 'set',
      summary: 'Change settings; another network is only tried',
      load: async () => (await import('./commands/appliance-settings-set.ts')).command,
    },
    {
      name: 'confirm',
      summary: 'Keep the network that is being tried',
      load: async () => (await import('./commands/appliance-settings-confirm.ts')).command,
    },
  ],
}

const ssh: CommandNode = {
  name: 'ssh',
  summary: 'Switch logins over SSH on and off',
  children: (['enable', 'disable'] as const).map(verb => ({
    name: verb,
    summary: verb === 'enable' ? 'Let in who has a key or a password' : 'Let nobody in',
    load: async () => (await import('./commands/appliance-ssh.ts')).createCommand(verb),
  })),
}

export const applianceNode: CommandNode = {
  name: 'appliance',
  summary: 'Look after the appliance',
  children: [
    {
      name: 'claim',
      summary: 'Set the administrator of an appliance that has none',
      load: async () => (await import('./commands/appliance-claim.ts')).command,
    },
    {
      name: 'console',
      summary: 'Show the console of the appliance in this terminal',
      load: async () => (await import('./commands/appliance-console.ts')).command,
    },
    {
      name: 'network',
      summary: 'The network of the appliance',
      children: [
        {
          name: 'test',
          summary: 'Try out gateway, name servers, proxies and clock',
          load: async () => (await import('./commands/appliance-network-test.ts')).command,
        },
      ],
    },
    settings,
    {
      name: 'setup',
      summary: 'The set-up page of an appliance that nobody has claimed',
      children: [
        {
          name: 'reopen',
          summary: 'Open it for another 30 minutes, with another code',
          load: async () => (await import('./commands/appliance-setup-reopen.ts')).command,
        },
      ],
    },
    ssh,
    {
      name: 'status',
      suggestFor: ['health', 'state'],
      summary: 'Show how the appliance is',
      load: async () => (await import('./commands/appliance-status.ts')).command,
    },
    {
      name: 'verify',
      suggestFor: ['check'],
      summary: 'Check an appliance file (.ova) before it is imported',
      load: async () => (await import('./commands/appliance-verify.ts')).command,
    },
  ],
}
