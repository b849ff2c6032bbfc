using ThinDeployer.Security;

namespace ThinDeployer.Tests.Security;

public sealed class StandardWebhooksTests
{
    private const string Id = "webhook-id";
    private const string Timestamp = "webhook-timestamp";
    private const string Signature = "webhook-signature";

    private static readonly SigningSecret Right = SigningSecret.OfText("the right secret");
    private static readonly SigningSecret Other = SigningSecret.OfText("another secret");
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1614265330);
    private static readonly byte[] Body = "{}"u8.ToArray();

    [Theory]
    [InlineData(1, null)]
    [InlineData(256, null)]
    [InlineData(0, "webhook_id_malformed")]
    [InlineData(257, "webhook_id_malformed")]
    public void An_id_has_one_to_256_characters(int length, string? reason) =>
        Assert.Equal(reason, ReasonOf(Read(Signed(Right, new string('i', length)), Right)));

    [Theory]
    [InlineData(Id, "webhook_id_malformed")]
    [InlineData(Timestamp, "timestamp_malformed")]
    [InlineData(Signature, "signature_twice")]
    public void What_comes_twice_is_refused(string header, string reason)
    {
        var headers = Signed(Right, "one");

        Assert.Equal(reason, ReasonOf(Read([.. headers, headers.Single(pair => pair.Key == header)], Right)));
    }

    [Theory]
    [InlineData(Id, "webhook_id_malformed")]
    [InlineData(Timestamp, "timestamp_malformed")]
    public void What_is_missing_is_refused(string header, string reason) =>
        Assert.Equal(reason, ReasonOf(Read(Signed(Right, "one").Where(pair => pair.Key != header), Right)));

    [Theory]
    [InlineData("01614265330", null)]
    [InlineData("001614265330", "timestamp_malformed")]
    public void A_timestamp_has_eleven_digits_at_most(string timestamp, string? reason) =>
        Assert.Equal(reason, ReasonOf(Read(With(Signed(Right, "one"), Timestamp, timestamp), Right)));

    [Fact]
    public void Without_a_signature_there_is_no_claim() =>
        Assert.IsType<SignatureClaim.Absent>(Read(Signed(Right, "one").Where(pair => pair.Key != Signature), Right));

    [Theory]
    [InlineData(15, true)]
    [InlineData(16, false)]
    public void A_right_code_is_found_behind_fifteen_others_and_no_more_are_looked_at(int others, bool isRight)
    {
        var (right, wrong) = (CodeOf(Right), CodeOf(Other));
        var codes = string.Join(' ', [.. Enumerable.Repeat(wrong, others), right]);

        Assert.Equal(isRight, IsRight(Read(With(Signed(Right, "one"), Signature, codes), Right)));
    }

    [Fact]
    public void A_right_code_counts_wherever_it_stands_and_whichever_secret_made_it()
    {
        var (right, wrong) = (CodeOf(Right), CodeOf(Other));
        SigningSecret third = SigningSecret.OfText("a third secret");

        Assert.True(IsRight(Read(With(Signed(Right, "one"), Signature, $"{right} {wrong}"), Right)));
        Assert.True(IsRight(Read(With(Signed(Right, "one"), Signature, $"{wrong} {right}"), Right)));
        Assert.True(IsRight(Read(Signed(Right, "one"), Right, third)));
        Assert.True(IsRight(Read(Signed(Right, "one"), third, Right)));
        Assert.True(IsRight(Read(With(Signed(Right, "one"), Signature, $"{right} {wrong}"), Right, Other)));
        Assert.False(IsRight(Read(With(Signed(Right, "one"), Signature, $"{wrong} {wrong}"), Right, third)));
    }

    [Theory]
    [InlineData(Id, "two")]
    [InlineData(Timestamp, "1614265331")]
    public void The_signature_covers_what_stands_beside_it(string header, string value)
    {
        Assert.True(IsRight(Read(Signed(Right, "one"), Right)));
        Assert.False(IsRight(Read(With(Signed(Right, "one"), header, value), Right)));
    }

    private static List<KeyValuePair<string, string>> Signed(SigningSecret secret, string id) =>
        [.. new StandardWebhooks([secret]).Sign(Body, id, Now)];

    private static string CodeOf(SigningSecret secret) =>
        Signed(secret, "one").Single(pair => pair.Key == Signature).Value;

    private static IEnumerable<KeyValuePair<string, string>> With(
        IEnumerable<KeyValuePair<string, string>> headers,
        string name,
        string value
    ) => headers.Select(pair => pair.Key == name ? new(name, value) : pair);

    private static SignatureClaim Read(
        IEnumerable<KeyValuePair<string, string>> headers,
        params SigningSecret[] secrets
    )
    {
        var all = headers.ToLookup(pair => pair.Key, pair => pair.Value, StringComparer.OrdinalIgnoreCase);
        return new StandardWebhooks(secrets).Read(name => [.. all[name]], Now);
    }

    private static bool IsRight(SignatureClaim claim) => claim is SignatureClaim.OverBody over && over.IsRight(Body);

    private static string? ReasonOf(SignatureClaim claim) => (claim as SignatureClaim.Refused)?.Reason;
}
