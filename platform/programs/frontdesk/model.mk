# The frontdesk model: both verbs run in the engine's environment, which has PyTorch.
ENGINE := $(AT)/engine/bin/python
# The engine's environment has no Warmline installed: the programs are found in their source root.
PROGRAM := env PYTHONPATH=platform $(ENGINE)
FRONTDESK_RUN := $(AT)/frontdesk
FRONTDESK_COUNT ?= 500

.PHONY: model model-eval

model: engine  ## Train the frontdesk model from its seed (resumes; under three hours on two free cores) and export it
	@nice -n 5 $(PROGRAM) -m programs.frontdesk.training.train --folder $(FRONTDESK_RUN)
	@$(PROGRAM) -m programs.frontdesk.training.export --folder $(FRONTDESK_RUN)

model-eval: engine  ## Measure the frontdesk model through vLLM, beside two baselines (FRONTDESK_COUNT=50 for a quick look)
	@$(PROGRAM) -m programs.frontdesk.evaluation.evaluate --count $(FRONTDESK_COUNT)
