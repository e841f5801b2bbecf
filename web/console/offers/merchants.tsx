import { useState } from 'preact/hooks';
import { useDo } from '../../data/ask.ts';
import { Field } from '../../design/field.tsx';
import { formatAmount } from '../../format/money.ts';
import {
  ConsoleCreateMerchantDocument,
  ConsoleEndMerchantDocument,
  type ConsoleOffersQuery,
} from '../../generated/graphql.ts';
import { useConsole } from '../frame/console-context.ts';
import { useKept } from '../frame/kept.ts';
import { useLot } from '../frame/lot.ts';
import type { Refused } from '../frame/problem.tsx';
import { amountFrom } from '../reservations/typed-amount.ts';
import { AmountField } from './amount-field.tsx';
import { OfferForm, OfferList } from './offer-list.tsx';
import { tell } from './texts.ts';

interface Props {
  readonly merchants: ConsoleOffersQuery['merchants']['nodes'];
  readonly onChange: () => void;
}

/** Who takes over a part of what their guests pay, and what that cost them this month. */
export function Merchants({ merchants, onChange }: Props) {
  const { say, locale } = useConsole();
  const [, update] = useDo(ConsoleEndMerchantDocument);
  const onEnd = async (merchantId: string) => {
    const payload = (await update({ input: { merchantId, ended: true } }))?.updateMerchant;
    onChange();
    return payload === undefined ? { code: 'AWAY', message: say('problem_offline') } : payload.userErrors[0];
  };
  const offers = merchants.map(({ id, name, given, spent, budget, most, endedAt }) => ({
    ...{ id, name, isEnded: endedAt != null },
    facts: [
      tell('mostEach', { amount: formatAmount(most, locale) }),
      budget == null
        ? tell('givenFor', { count: given, amount: formatAmount(spent, locale) })
        : tell('givenOf', { count: given, amount: formatAmount(spent, locale), budget: formatAmount(budget, locale) }),
    ].join(' · '),
  }));
  const texts = { title: tell('merchants'), explains: tell('merchantsSay'), empty: tell('noMerchants') };
  return (
    <OfferList {...{ ...texts, add: tell('addMerchant'), offers, onEnd }}>
      <NewMerchant onChange={onChange} />
    </OfferList>
  );
}

const NOTHING = { name: '', most: '', budget: '' };

function NewMerchant({ onChange }: { onChange: () => void }) {
  const { id: lotId, currency } = useLot();
  const [wish, setWish] = useKept('offer.merchant', () => NOTHING);
  const [refused, setRefused] = useState<Refused>();
  const [{ fetching, error }, create] = useDo(ConsoleCreateMerchantDocument);
  const submit = async () => {
    const [mostMinor, budgetMinor] = [amountFrom(wish.most, currency), amountFrom(wish.budget, currency)];
    if (mostMinor === undefined || (wish.budget !== '' && budgetMinor === undefined)) return;
    const limit = budgetMinor === undefined ? {} : { budgetMinor };
    const payload = (await create({ input: { lotId, name: wish.name.trim(), mostMinor, ...limit } }))?.createMerchant;
    setRefused(payload?.userErrors[0]);
    if (!payload?.merchant) return;
    setWish(NOTHING);
    onChange();
  };
  return (
    <OfferForm add={tell('addMerchant')} {...{ refused, error }} isBusy={fetching} onSubmit={submit}>
      <Field
        {...{ label: tell('name'), value: wish.name, required: true, maxLength: 200 }}
        onInput={({ currentTarget }) => setWish({ ...wish, name: currentTarget.value })}
      />
      <AmountField
        {...{ label: tell('mostPerStay', { currency }), value: wish.most, required: true }}
        onText={(most) => setWish({ ...wish, most })}
      />
      <AmountField
        {...{ label: tell('monthBudget', { currency }), value: wish.budget, hint: tell('emptyNoLimit') }}
        onText={(budget) => setWish({ ...wish, budget })}
      />
    </OfferForm>
  );
}
