"""Grading a folder of untrusted notebooks: running and judging are apart.

What a learner wrote runs in a sandbox (`inside`), which knows the arguments of each call and nothing else. Arrays and small
bounded JSON come back (`wire`); the comparison with the reference happens outside (`grading`), where no code of a learner
is ever loaded. So nothing that a notebook prints, patches, forges or breaks can earn a point.

    reading   the submissions: whose, which notebooks, which code
    slicing   of the code, what an answer needs
    course    the course as the sandbox sees it: without references, mistakes and solutions
    sandbox   the walls: bubblewrap, docker, podman
    inside    what runs within them
    wire      what comes out, and how it is read
    grading   from a submission to its rows; results keeps them; exports, feedback and report show them
    schedule  threads, or Dask
    cli       the command convcourse
"""
