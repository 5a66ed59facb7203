import { sqlError } from '../errors';
import type { Account, Statement } from '../sql/ast';
import { hashesOf, type StoredAccount } from './accounts';
import type { Store } from './store';

type Administration = Statement & {
  kind: 'create user' | 'alter user' | 'drop user' | 'set password' | 'grant' | 'revoke';
};

const named = (list: readonly Account[]): string => list.map(({ user, host }) => `'${user}'@'${host}'`).join(',');

/** CREATE USER, GRANT and their like. */
export function administer(statement: Administration, { accounts, flavour }: Store, self: StoredAccount): void {
  const real = (account: Account): Account => (account.user === '' && account.host === '' ? self : account);
  switch (statement.kind) {
    case 'create user': {
      const there = statement.accounts.filter(({ account }) => accounts.find(account) !== undefined);
      if (there.length > 0 && !statement.conditional)
        throw sqlError(1396, `Operation CREATE USER failed for ${named(there.map(({ account }) => account))}`);
      for (const { account, password = '' } of statement.accounts)
        if (accounts.find(account) === undefined)
          accounts.put({
            ...account,
            ...hashesOf(password),
            grants: [{ database: '*', table: '*', privileges: ['USAGE'], option: false }],
          });
      return;
    }
    case 'alter user':
      for (const { account, password } of statement.accounts) {
        const found = accounts.find(real(account));
        if (found === undefined) {
          if (statement.conditional) continue;
          throw sqlError(1396, `Operation ALTER USER failed for ${named([real(account)])}`);
        }
        if (password !== undefined) accounts.put({ ...found, ...hashesOf(password) });
      }
      return;
    case 'set password': {
      const found = accounts.find(real(statement.account ?? self));
      if (found === undefined) throw sqlError(1133, "Can't find any matching row in the user table");
      accounts.put({ ...found, ...hashesOf(statement.password) });
      return;
    }
    case 'drop user': {
      const missing = statement.accounts.filter((account) => accounts.find(account) === undefined);
      if (missing.length > 0 && !statement.ifExists)
        throw sqlError(1396, `Operation DROP USER failed for ${named(missing)}`);
      for (const account of statement.accounts) accounts.remove(account);
      return;
    }
    case 'grant':
      for (const { account, password } of statement.accounts) {
        if (accounts.find(real(account)) === undefined) {
          if (flavour.name === 'mysql') throw sqlError(1410, 'You are not allowed to create a user with GRANT');
          if (password === undefined) throw sqlError(1133, "Can't find any matching row in the user table");
          accounts.put({ ...account, ...hashesOf(password), grants: [] });
        }
        const { privileges, database, table, option } = statement;
        accounts.grant(real(account), {
          privileges: privileges.filter((one) => one !== 'PROXY'),
          database,
          table,
          option,
        });
      }
      return;
    case 'revoke':
      for (const { account } of statement.accounts) {
        const { privileges, database, table } = statement;
        if (!accounts.revoke(real(account), { privileges, database, table }))
          throw sqlError(1141, `There is no such grant defined for user '${account.user}' on host '${account.host}'`);
      }
  }
}
