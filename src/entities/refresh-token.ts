import { defineEntity, p } from '@mikro-orm/postgresql';

/** One link of a login's chain. Using a link twice ends its whole family: somebody copied it. */
const schema = defineEntity({
  name: 'RefreshToken',
  tableName: 'refresh_token',
  properties: {
    id: p.uuid().primary(),
    familyId: p.uuid().index('refresh_token_family_id'),
    subjectKind: p.enum(['DRIVER', 'STAFF'] as const),
    subjectId: p.uuid().index('refresh_token_subject_id'),
    /** SHA-256 of the token in hex. */
    tokenHash: p.text().unique('refresh_token_hash'),
    createdAt: p.datetime(3),
    expiresAt: p.datetime(3).index('refresh_token_expires_at'),
    usedAt: p.datetime(3).nullable(),
    revokedAt: p.datetime(3).nullable(),
  },
});

export class RefreshToken extends schema.class {}
schema.setClass(RefreshToken);
