"""Students: from exported splits to a tuned causal language model, and an honest before and after.

    samples --slice--> chosen --conversation--> prompts and targets --chat--> token ids and labels --backends--> adapter
    samples ------------------- conversation--> prompts --answerers--> outputs --scoring.answers--> grades --report

Notation
    base      the weights that a student starts from: a local folder or a name that `transformers` resolves
    adapter   a PEFT folder of LoRA matrices for one base
    target    what the loss is taken over: reasoning (if any) and answer, never the prompt
    volume    how many rows of the slice a student was trained on
    B         rows of one optimiser step: micro batch x accumulation

Everything heavy (torch, transformers, peft, trl, matplotlib) is imported by the function that needs it.
"""
