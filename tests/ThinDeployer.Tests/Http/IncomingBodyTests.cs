using CsCheck;
using ThinDeployer.Http;

namespace ThinDeployer.Tests.Http;

public sealed class IncomingBodyTests
{
    private const int Mebibyte = 1024 * 1024;

    [Fact]
    public void All_bytes_come_back_whatever_was_announced() =>
        Gen.Select(Gen.Byte.Array[0, 5_000], Gen.Long[0, 6_000].Nullable(), Gen.Bool, Gen.Int[1, 3_000])
            .Sample(sample =>
            {
                var (sent, announced, isTrusted, atOnce) = sample;
                var body = new IncomingBody(announced, limit: sent.Length, isTrusted);

                for (var left = sent.AsMemory(); !left.IsEmpty; )
                {
                    var count = Math.Min(Math.Min(left.Length, atOnce), body.Free.Length);
                    left[..count].CopyTo(body.Free);
                    body.Came(count);
                    left = left[count..];
                }

                Assert.Equal(sent, body.Whole.ToArray());
                Assert.NotEqual(0, body.Free.Length);
            });

    [Theory]
    [InlineData(100 * Mebibyte, 16 * 1024)]
    [InlineData(100, 101)]
    public void A_promise_of_who_is_not_let_in_is_worth_little(int announced, int memory) =>
        Assert.Equal(memory, new IncomingBody(announced, limit: 200 * Mebibyte, isTrusted: false).Free.Length);

    [Theory]
    [InlineData(null, false, 22)]
    [InlineData(null, true, 18)]
    [InlineData(64 * Mebibyte, false, 22)]
    [InlineData(64 * Mebibyte, true, 1)]
    public void Little_is_outgrown(int? announced, bool isTrusted, int outgrown)
    {
        var body = new IncomingBody(announced, limit: 64 * Mebibyte, isTrusted);
        var before = GC.GetAllocatedBytesForCurrentThread();

        while (body.Length < 64 * Mebibyte)
        {
            body.Came(Math.Min(64 * 1024, Math.Min(body.Free.Length, (64 * Mebibyte) - body.Length)));
        }

        _ = body.Free;
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 64 * Mebibyte, (64 + outgrown) * Mebibyte);
    }
}
