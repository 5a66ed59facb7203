import { expect, test } from 'vitest';
import { parseRequest } from './certificate';

/** openssl req -new -subj /O=dev/O=ops/CN=jane -addext subjectAltName=DNS:a.example,IP:10.0.0.1,email:j@x.org,URI:spiffe://x */
const made = `-----BEGIN CERTIFICATE REQUEST-----
MIIBJzCBzwIBADArMQwwCgYDVQQKDANkZXYxDDAKBgNVBAoMA29wczENMAsGA1UE
AwwEamFuZTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABI1tdnRrbuw8ELUdQBHP
5Qu7GLTh9GYwEqYr7G/J0PfITyCCxPfHo4G5JDlb43iScTl3DZC8V0q5sGYuU5Th
oF+gQjBABgkqhkiG9w0BCQ4xMzAxMC8GA1UdEQQoMCaCCWEuZXhhbXBsZYcECgAA
AYEHakB4Lm9yZ4YKc3BpZmZlOi8veDAKBggqhkjOPQQDAgNHADBEAiAab68HVDM/
5jVkrPLAREEpKCP+mfSAOeYH+1s8kPMyfAIgXHNkmRZG5xRKykzY1eBy7apZtyr2
Ugvda/wkpT6e8rQ=
-----END CERTIFICATE REQUEST-----
`;

test('a request that openssl made is read: who asks, and other names', () => {
  const { keyId, ...rest } = parseRequest(made) ?? {};
  expect(keyId).toMatch(/^[0-9a-f]{40}$/);
  expect(rest).toEqual({
    subject: { commonName: 'jane', organizations: ['dev', 'ops'] },
    sans: ['a.example', '10.0.0.1'],
    emails: ['j@x.org'],
    uris: ['spiffe://x'],
  });
});

test('what is no request is none', () => {
  for (const body of ['', 'MA==', 'MIIB', 'MIIBMIIBMIIB', 'MAYwBDACAgA='])
    expect(
      parseRequest(`-----BEGIN CERTIFICATE REQUEST-----\n${body}\n-----END CERTIFICATE REQUEST-----\n`),
    ).toBeUndefined();
});
