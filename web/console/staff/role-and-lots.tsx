import { Choice } from '../../design/field.tsx';
import type { StaffRole } from '../../generated/graphql.ts';
import { tell } from './texts.ts';

const ROLES = ['ATTENDANT', 'OPERATOR'] as const satisfies readonly StaffRole[];

/** What somebody may do, and where: in this lot, in all, or in the several that they serve already. */
export interface Duty {
  readonly role: StaffRole;
  readonly lots: 'ONE' | 'ALL' | 'SAME';
}

interface Props {
  readonly duty: Duty;
  /** How many lots they serve now, when these are several and not all. */
  readonly severalLots?: number | undefined;
  /** Whether every lot of an operator can be given: not by an admin, who serves none, to somebody new. */
  readonly canHaveAll?: boolean;
  readonly onDuty: (duty: Duty) => void;
}

export function RoleAndLots({ duty, severalLots, canHaveAll = true, onDuty }: Props) {
  return (
    <>
      <Choice
        label={tell('role')}
        value={duty.role}
        options={ROLES.map((value) => ({ value, text: tell(`role_${value}`) }))}
        onChange={({ currentTarget }) => onDuty({ ...duty, role: currentTarget.value as StaffRole })}
      />
      <Choice
        label={tell('serves')}
        value={duty.lots}
        options={[
          ...(severalLots === undefined ? [] : [{ value: 'SAME', text: tell('sameLots', { count: severalLots }) }]),
          { value: 'ONE', text: tell('onlyThisLot') },
          ...(canHaveAll ? [{ value: 'ALL', text: tell('allLots') }] : []),
        ]}
        onChange={({ currentTarget }) => onDuty({ ...duty, lots: currentTarget.value as Duty['lots'] })}
      />
    </>
  );
}
