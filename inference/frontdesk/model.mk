# The frontdesk model: both verbs run in the engine's environment, which has PyTorch.
ENGINE := $(AT)/engine/bin/python
FRONTDESK_RUN := $(AT)/frontdesk
FRONTDESK_COUNT ?= 500

.PHONY: model model-eval

model: engine  ## Train the frontdesk model from its seed (resumes; under three hours on two free cores) and export it
	@nice -n 5 $(ENGINE) -m inference.frontdesk.training --folder $(FRONTDESK_RUN)
	@$(ENGINE) -m inference.frontdesk.export --folder $(FRONTDESK_RUN)

model-eval: engine  ## Measure the frontdesk model through vLLM, beside two baselines (FRONTDESK_COUNT=50 for a quick look)
	@$(ENGINE) -m inference.frontdesk.evaluation --count $(FRONTDESK_COUNT)
