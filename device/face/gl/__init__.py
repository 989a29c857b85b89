"""Drawing on a graphics processor, by OpenGL ES 3: context and thread, shaders, and the parts of the picture."""
