# %% [markdown]
# # 00 · Start here
#
# Run a first cell, and see that everything this course needs is on this machine.
#
# **You will be able to** run a cell, restart, and check.
#
# **You need**: nothing. **Time**: 15 minutes

# %% [markdown]
# ## A first picture

# %%
from course_utils import load_image, plots

plots.show(load_image("ascent"), titles="ascent", caption="A staircase: 512 x 512 pixels.")

# %% tags=["nbval-check-output"]
print(load_image("ascent").shape)
#> (512, 512)

# %% [markdown]
# ## Next
#
# The lessons, in their order:
#
# <!-- list of lessons -->
