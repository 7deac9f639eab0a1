import { OpsroomError } from '#kit/errors.js';
import type { Presented } from '#operations/enter.js';

/** By what a request says whose it is. @throws OpsroomError as `presentedCredential` */
export function presentedBy(headers: Pick<Headers, 'get'>): Presented {
  return { credential: presentedCredential(headers), cookie: headers.get('cookie') ?? undefined };
}

/**
 * The credential of a request: `x-api-key`, or `Authorization: Bearer`. Undefined when there is none.
 * @throws OpsroomError UNAUTHENTICATED for another scheme, and for two credentials that differ; the values are never repeated
 */
function presentedCredential(headers: Pick<Headers, 'get'>): string | undefined {
  const key = headers.get('x-api-key')?.trim();
  const authorization = headers.get('authorization')?.trim();
  const bearer = authorization === undefined ? undefined : /^bearer +(\S+)$/i.exec(authorization)?.[1];
  if (authorization !== undefined && bearer === undefined) {
    throw new OpsroomError('UNAUTHENTICATED', { what: 'The header Authorization is not of the form `Bearer KEY`.' });
  }
  if (key !== undefined && bearer !== undefined && key !== bearer) {
    throw new OpsroomError('UNAUTHENTICATED', {
      what: 'The request holds two different keys.',
      mend: 'Send one of them.',
    });
  }
  return key ?? bearer;
}
