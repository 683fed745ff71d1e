// Noun: what the reference says in sentences, beside what the tables say.
import type { fileExamples } from '../../src/compiler/vocabulary/examples.ts';

export const opening = `<!-- Written by \`npm run generate\` from the grammar and the vocabulary. Do not edit. -->

# The language

A \`.tlp\` file says what is trained: data, augmentation, backbone, freeze policy, head, schedule. Each part stands once, or
several times under names of which a \`run\` picks. What is left out has a default, and \`tlp plan FILE\` shows all of them.

\`\`\`tlp file
data {
  source digits
  validation 15% of train
}

backbone cnn {
  conv 32 3x3 same relu
  max_pool 2x2
}

head {
  flatten
  dense 64 relu
}

schedule {
  epochs 5
}
\`\`\`

[The grammar](../grammar/tlp.ebnf) is written as EBNF and [as diagrams](../grammar/diagram.svg); [findings.md](findings.md) lists all
that \`tlp check\` finds; \`tlp words\` prints the words of each block in the terminal.

## How it is written

- A **statement** is \`word value …\`, one a line, or with \`;\` between. Line ends inside \`( )\` and \`[ ]\` do not count.
- A **call** is a word with parameters, \`adam(lr: 1e-3)\`. A statement may end with such a list too: \`rotate 20deg (fill: nearest)\`.
- A **block** is \`{ statements }\` behind the word it belongs to, on the same line.
- **Words** are letters, digits and \`_\`. Names of one's own are words, or texts in double quotes where they hold spaces.
- **Comments** go from \`//\` to the end of the line.

| value | written | means |
| --- | --- | --- |
| number | \`32\`, \`0.5\`, \`1e-3\`, \`-4\` | itself |
| share | \`20%\` or \`0.2\` | a part of one |
| angle | \`15deg\` | degrees |
| pixels | \`2px\` or \`2\` | a length in the image |
| size | \`224x224\`, \`3x3\` | height x width |
| range | \`80%..120%\` | limits of a random draw, or of a param; \`step 10%\` in a sweep |
| list | \`[1, 2, 3]\` | several values |
| text | \`"images/train"\` | a path, a name, a column |
| switch | \`true\`, \`false\` | on, off |
| nothing | \`none\` | switched off, or without |
| pattern | \`block5_*\` | layers by the beginning of their names |
| word | \`relu\`, \`imagenet\`, \`cnn\` | one of a list, or a name |

Numbers and names of numbers can be reckoned with: \`+ - * /\` and parentheses. Units must agree: \`10deg + 5deg\`, \`2 * 10%\`.

`;

export const partProse: Readonly<Record<keyof typeof fileExamples, string>> = {
  data: 'The number of classes, the size and the channels of the images follow from the source. The test split is measured once, at the end.',
  augment: 'Only training images are changed, each anew in every epoch.',
  backbone:
    'With the name of a known network it is that network, without its top layers. With another name it is one of your own [layers](#layers). A second name tells two backbones of the same kind apart: `backbone vgg16 "from scratch" { weights none }`.',
  freeze: `Frozen layers keep their weights, and their batch norm its statistics, byte for byte. They
work as in evaluation: batch norm with its statistics, dropout not at all, as Keras' \`base(x, training=False)\`. What a run says of it
counts before what a stage says, then the schedule, then the file. Without any, nothing is frozen.

| sentence | freezes |
| --- | --- |
| \`freeze none\` | nothing |
| \`freeze backbone\` | all layers of the backbone |
| \`freeze backbone except last 4 layers\` | all but its last four |
| \`freeze backbone except block5_*\` | all but those whose names begin so; \`"*_bn"\` in quotes fits anywhere |
| \`freeze backbone except from block5_conv1\` | all before the layer of that name |
| \`freeze first 100 layers\` | the first hundred of the backbone |
| \`freeze all\` | backbone and head: with \`epochs 0\` a run measures what it starts from |`,
  head: 'Its words are the [layers](#layers). The last layer is not written: a softmax over the classes of the data.',
  schedule: 'Its words may also stand in a stage and in a run, where they count for it alone.',
  stage:
    'Stages are done one after the other, and weights flow from each to the next. A stage begins with a fresh optimizer unless `keep_optimizer true` is written.',
  run: 'A run names the parts it takes; of a kind that stands only once it takes that one. Words of a schedule in it override those of its schedule. Each run starts from its own seeded weights; with `continues` it starts from those that another run ended with.',
  let: 'The name can stand wherever its value can.',
  param:
    '`--set rate=1e-4` on the command line sets it, or `TLP_PARAM_RATE=1e-4` in the environment. Behind `in` stand the values that are allowed: a range or a list.',
  import: 'The path is relative to the file that imports. All its parts and names are taken.',
  sweep:
    'Every combination of the values becomes a run. The names are those of params; one that is set from outside is not swept.',
  seed: 'First weights, order of the images, augmentation and dropout each draw from a stream of their own that begins with it: a whole number from 0 to 4294967295, `1` when it is not written. A run may have its own.',
  rules:
    'Each [warning](findings.md) by its name, written with `_`, and `off`, `warning` or `error`. One line is excused by a comment: `// tlp-ignore tiny-feature-map: only a test`, on the line or above it.',
};

export const closing = `## What is not run yet

The language is ahead of the trainer. What \`tlp run\` cannot do yet is checked and planned like all else; \`tlp run\` then says \`not run yet\`, what
it is, and ends with exit code 2.
`;
