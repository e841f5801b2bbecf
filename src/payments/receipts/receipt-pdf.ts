import { createRequire } from 'node:module';
import PDFDocument from 'pdfkit';
import type { ReceiptSections } from './receipt-sections.ts';

const require = createRequire(import.meta.url);
/** It has Latin, Greek, Cyrillic and more: names of people and companies are not Latin alone. */
const FONTS = {
  plain: require.resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf'),
  bold: require.resolve('dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf'),
};

const MARGIN = 56;
const WIDTH = 595.28 - 2 * MARGIN;
const LABEL_WIDTH = 110;
const AMOUNT_WIDTH = 110;

/** A receipt on one sheet of A4 (more when its lines need it), with its fonts inside. */
export async function receiptPdf(sections: ReceiptSections, issuedAt: Date): Promise<Buffer> {
  const info = {
    Title: `${sections.title} ${sections.facts[0]?.[1] ?? ''}`,
    CreationDate: issuedAt,
    ModDate: issuedAt,
  };
  const pdf = new PDFDocument({ size: 'A4', margin: MARGIN, info, lang: 'en', displayTitle: true });
  const chunks: Buffer[] = [];
  const written = new Promise<Buffer>((resolve, reject) => {
    pdf.on('data', (chunk: Buffer) => chunks.push(chunk));
    pdf.on('end', () => resolve(Buffer.concat(chunks)));
    pdf.on('error', reject);
  });
  pdf.registerFont('plain', FONTS.plain);
  pdf.registerFont('bold', FONTS.bold);
  write(pdf, sections);
  pdf.end();
  return written;
}

function write(pdf: PDFKit.PDFDocument, sections: ReceiptSections): void {
  pdf.font('bold').fontSize(20).text(sections.title);
  pdf.font('plain').fontSize(10);
  for (const line of sections.from) pdf.text(line);
  pdf.moveDown();
  for (const [label, text] of sections.facts) row(pdf, [label, text], LABEL_WIDTH);
  pdf.moveDown();
  for (const line of sections.lines) row(pdf, line, WIDTH - AMOUNT_WIDTH);
  pdf.font('bold');
  row(pdf, sections.total, WIDTH - AMOUNT_WIDTH);
  pdf.font('plain');
  for (const line of sections.tax) row(pdf, line, WIDTH - AMOUNT_WIDTH);
  pdf.moveDown();
  for (const line of sections.payments) row(pdf, line, WIDTH - AMOUNT_WIDTH);
  if (sections.footer !== null) pdf.moveDown().text(sections.footer, MARGIN, undefined, { width: WIDTH });
}

/** Two cells; the second one stands right when it is an amount. */
function row(pdf: PDFKit.PDFDocument, [first, second]: readonly [string, string], firstWidth: number): void {
  const top = pdf.y;
  const isAmount = firstWidth !== LABEL_WIDTH;
  pdf.text(first, MARGIN, top, { width: firstWidth - 10 });
  const below = pdf.y;
  // A cell that broke onto the next page has left this row.
  const beside = below < top ? MARGIN : top;
  const secondAt = { width: WIDTH - firstWidth, align: isAmount ? ('right' as const) : ('left' as const) };
  pdf.text(second, MARGIN + firstWidth, beside, secondAt);
  pdf.x = MARGIN;
  pdf.y = Math.max(below, pdf.y) + 2;
}
