import { useState } from 'preact/hooks';
import { useDo } from '../../data/ask.ts';
import { Choice, Field } from '../../design/field.tsx';
import { formatAmount } from '../../format/money.ts';
import { formatDayAndClock, formatDuration } from '../../format/time.ts';
import {
  ConsoleCreatePromoCodeDocument,
  ConsoleEndPromoCodeDocument,
  type ConsoleOffersQuery,
  type CreatePromoCodeInput,
} from '../../generated/graphql.ts';
import { useConsole } from '../frame/console-context.ts';
import { useKept } from '../frame/kept.ts';
import { useLot } from '../frame/lot.ts';
import type { Refused } from '../frame/problem.tsx';
import { amountFrom } from '../reservations/typed-amount.ts';
import { AmountField } from './amount-field.tsx';
import { OfferForm, OfferList } from './offer-list.tsx';
import { tell } from './texts.ts';

type Code = ConsoleOffersQuery['promoCodes']['nodes'][number];

interface Props {
  readonly codes: readonly Code[];
  readonly onChange: () => void;
}

/** What drivers type to pay less. */
export function PromoCodes({ codes, onChange }: Props) {
  const { say, locale } = useConsole();
  const { timeZone } = useLot();
  const [, end] = useDo(ConsoleEndPromoCodeDocument);
  const onEnd = async (promoCodeId: string) => {
    const payload = (await end({ input: { promoCodeId } }))?.endPromoCode;
    onChange();
    return payload === undefined ? { code: 'AWAY', message: say('problem_offline') } : payload.userErrors[0];
  };
  const offers = codes.map(({ id, code, discount, uses, maxUses, validUntil, endedAt }) => ({
    ...{ id, name: code, isEnded: endedAt != null },
    facts: [
      tell('off', { what: offOf(discount, locale) }),
      maxUses == null ? tell('used', { count: uses }) : tell('usedOf', { count: uses, most: maxUses }),
      validUntil == null ? [] : tell('until', { when: formatDayAndClock(validUntil, { locale, timeZone }) }),
    ]
      .flat()
      .join(' · '),
  }));
  const texts = { title: tell('codes'), explains: tell('codesSay'), empty: tell('noCodes'), add: tell('addCode') };
  return (
    <OfferList {...{ ...texts, offers, onEnd }}>
      <NewCode onChange={onChange} />
    </OfferList>
  );
}

function offOf({ percent, amount, minutes }: Code['discount'], locale: string): string {
  if (percent != null) return new Intl.NumberFormat(locale, { style: 'percent' }).format(percent / 100);
  if (amount != null) return formatAmount(amount, locale);
  return formatDuration((minutes ?? 0) * 60_000, locale);
}

const NOTHING = { code: '', kind: 'PERCENT', percent: '', amount: '', mostUses: '' };

/** What the form means; undefined while it means nothing. */
function discountOf(
  wish: typeof NOTHING,
  currency: string,
): Pick<CreatePromoCodeInput, 'discount' | 'currency'> | undefined {
  if (wish.kind === 'PERCENT') return { discount: { percent: Number(wish.percent) } };
  const amountMinor = amountFrom(wish.amount, currency);
  return amountMinor === undefined ? undefined : { discount: { amountMinor }, currency };
}

function NewCode({ onChange }: { onChange: () => void }) {
  const { id: lotId, currency } = useLot();
  const [wish, setWish] = useKept('offer.code', () => NOTHING);
  const [refused, setRefused] = useState<Refused>();
  const [{ fetching, error }, create] = useDo(ConsoleCreatePromoCodeDocument);
  const submit = async () => {
    const discount = discountOf(wish, currency);
    if (discount === undefined) return;
    const uses = wish.mostUses === '' ? {} : { maxUses: Number(wish.mostUses) };
    const input = { code: wish.code.trim(), lotIds: [lotId], ...discount, ...uses };
    const payload = (await create({ input }))?.createPromoCode;
    setRefused(payload?.userErrors[0]);
    if (!payload?.promoCode) return;
    setWish(NOTHING);
    onChange();
  };
  return (
    <OfferForm add={tell('addCode')} {...{ refused, error }} isBusy={fetching} onSubmit={submit}>
      <Field
        {...{ label: tell('code'), value: wish.code, required: true, minLength: 3, maxLength: 24, autocomplete: 'off' }}
        onInput={({ currentTarget }) => setWish({ ...wish, code: currentTarget.value })}
      />
      <Choice
        label={tell('takesOff')}
        value={wish.kind}
        options={(['PERCENT', 'MONEY'] as const).map((value) => ({ value, text: tell(`kind_${value}`) }))}
        onChange={({ currentTarget }) => setWish({ ...wish, kind: currentTarget.value })}
      />
      {wish.kind === 'PERCENT' ? (
        <Field
          {...{ label: tell('percent'), value: wish.percent, type: 'number', min: 1, max: 100, required: true }}
          onInput={({ currentTarget }) => setWish({ ...wish, percent: currentTarget.value })}
        />
      ) : (
        <AmountField
          {...{ label: tell('amount', { currency }), value: wish.amount, required: true }}
          onText={(amount) => setWish({ ...wish, amount })}
        />
      )}
      <Field
        {...{ label: tell('mostUses'), value: wish.mostUses, type: 'number', min: 1, hint: tell('emptyNoLimit') }}
        onInput={({ currentTarget }) => setWish({ ...wish, mostUses: currentTarget.value })}
      />
    </OfferForm>
  );
}
