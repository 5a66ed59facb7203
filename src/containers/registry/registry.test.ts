import { expect, test } from 'vitest';
import { bcrypt, bcryptMatches } from './bcrypt';

test('bcrypt: vectors of crypt_blowfish', () => {
  expect(bcryptMatches('U*U', '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW')).toBe(true);
  expect(bcryptMatches('U*U*', '$2a$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK')).toBe(true);
  expect(bcryptMatches('U*V', '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW')).toBe(false);
  expect(bcryptMatches('secret', bcrypt('secret', new Uint8Array(16).fill(7), 5))).toBe(true);
});
