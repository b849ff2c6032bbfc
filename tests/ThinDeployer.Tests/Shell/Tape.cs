namespace ThinDeployer.Tests.Shell;

/// <summary>Choices to be made, one after the other. Behind its end every choice is the first one, so that a shorter tape is a simpler case.</summary>
internal sealed class Tape(byte[] choices)
{
    private int _next;

    internal int Choose(int count) => _next < choices.Length ? choices[_next++] % count : 0;

    internal T Pick<T>(T[] among) => among[Choose(among.Length)];
}
