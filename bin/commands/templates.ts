// Table: the pipelines that `tlp init` writes. All check without findings.

interface Template {
  readonly file: string;
  readonly doc: string;
  readonly text: string;
}

export const templates: Readonly<Record<string, Template>> = {
  own: {
    file: 'pipeline.tlp',
    doc: 'a small network of your own on handwritten digits',
    text: `// A small network of its own on handwritten digits, shipped with tlp.

data {
  source digits // or folder("path"), mnist, cifar10, shapes(classes: 5)
  validation 15% of train stratified // measured on after each epoch; the test split stays unseen
}

// Random changes of the training images.
augment {
  rotate 10deg
  shift 8%
}

// The layers that look at the image.
backbone cnn {
  conv 32 3x3 same relu
  max_pool 2x2
  conv 64 3x3 same relu
}

// The layers that decide; the softmax layer follows from the classes.
head {
  flatten
  dense 128 relu
  dropout 30%
}

schedule {
  batch 32
  epochs 20
  optimizer adam(lr: 1e-3)
  early_stopping(monitor: val_accuracy, patience: 5)
}
`,
  },
  transfer: {
    file: 'pipeline.tlp',
    doc: 'a trained backbone on your own images: first the head alone, then fine-tuning',
    text: `// A backbone trained on ImageNet, on a folder of your own images: one folder for each class.

data {
  source folder("images/train", test: "images/test")
  size 224x224
  validation 20% of train stratified
}

// Four changed views of each image, in turn: what the frozen layers make of them is computed once and kept.
augment {
  views 4
  flip horizontal
  rotate 10deg
  zoom 10%
}

// What the weights expect of the images is seen to.
backbone mobilenetv2 {
  weights imagenet
}

head {
  global_average_pooling
  dropout 30%
}

schedule {
  batch 32
  early_stopping(monitor: val_loss, patience: 3)

  // The backbone as it is, the head from nothing.
  stage "head" {
    freeze backbone
    epochs 10
    optimizer adam(lr: 1e-3)
  }

  // Then its last layers too, slowly; batch norm keeps the statistics it was trained with.
  stage "fine-tuning" {
    freeze backbone except last 20 layers { batch_norm inference }
    epochs 10
    optimizer adam(lr: 1e-5)
  }
}
`,
  },
  compare: {
    file: 'comparison.tlp',
    doc: 'three runs of one network, compared',
    text: `// One network, three heads: what a run does not name, it takes from the only part of that kind.

data {
  source digits
  validation 15% of train stratified
}

backbone cnn {
  conv 32 3x3 same relu
  max_pool 2x2
  conv 64 3x3 same relu
}

head flat {
  flatten
}

head pooled {
  global_average_pooling
}

head deep {
  flatten
  dense 128 relu
  dropout 30%
}

schedule {
  batch 32
  epochs 10
  optimizer adam(lr: 1e-3)
}

run "flat" { head flat }
run "pooled" { head pooled }
run "deep" { head deep }
`,
  },
};
